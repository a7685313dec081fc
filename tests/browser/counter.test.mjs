// The counter's daily work: the clock, letters before they are made, lists, a session that locks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look, open } from "./look.mjs";
import { answers, heading, interview, somebody } from "./people.mjs";
import { code, password, start } from "./service.mjs";

const agency = "us-ny-nyc/doc";
let service;
let browser;
let officer;

before(async () => {
  service = await start();
  browser = await open();
  officer = await somebody(browser, service, { name: "olga", role: "officer", agency });
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

/** Takes a detainer in, with the time at which release is due; returns the address of the case. */
async function taken_in(page, due) {
  await page.goto(`${service.origin}/requests/new`);
  await page.check("text=I-247A: Immigration Detainer");
  await page.check("text=I-200: Warrant for Arrest");
  if (due) await page.locator("input[type=datetime-local]").first().fill(due);
  await page.fill("#name", "Juana Canary");
  await page.click("text=Take the request in");
  return page.url().replace("/interview", "");
}

test("the clock says by when the person must be released, in the case, the interview and the list", async () => {
  const without = await taken_in(officer, "");
  await officer.goto(without);
  assert.match(await officer.locator(".clock").textContent(), /It is not known when release is due/);
  await look(officer, "clock-unknown");

  const address = await taken_in(officer, "2099-03-04T18:00");
  await interview(officer, {
    "Does the search show": "no",
    "Which convictions": (it) => it.click("button[value=none]"),
  });
  const sentence = "The person must be released by Mar 4, 2099, 6:00 PM EST.";
  assert.equal(await officer.locator(".deadline strong").textContent(), sentence);
  await look(officer, "clock-interview-end");
  await officer.goto(address);
  assert.equal((await answers(officer))[0], "Not allowed");
  assert.equal(await officer.locator(".clock .deadline strong").textContent(), sentence);
  await look(officer, "clock");

  await officer.goto(`${service.origin}/requests`);
  const first = officer.locator("tbody tr").first();
  assert.match(await first.textContent(), /Mar 4, 2099, 6:00 PM EST.*must be released by then/s);
  await look(officer, "clock-list");
});

test("a letter is shown before it is made, and nothing counts as sent", async () => {
  await officer.goto(`${service.origin}/requests`);
  await officer.locator("tbody th a").first().click();
  assert.match(await officer.locator("#letters").textContent(), /is not set in full/);
  const address = officer.url();
  const history = await officer.locator("#history-title ~ details tbody tr").count();
  await officer.selectOption("#language-person", "ar");
  const [preview] = await Promise.all([
    officer.context().waitForEvent("page"),
    officer.locator("button", { hasText: "Preview" }).first().click(),
  ]);
  preview.faults = [];
  await preview.waitForLoadState();
  assert.equal(await preview.locator("article").getAttribute("dir"), "rtl");
  assert.match(await preview.locator("article").textContent(), /2099-03-04 18:00 EST/);
  await look(preview, "letter-preview-ar");
  const path = new URL(address).pathname;
  await preview.goto(`${service.origin}${path}/letters/counsel/preview`);
  const text = await preview.locator("article").textContent();
  assert.match(text, /Department of Correction/);
  assert.match(text, /must be released by[\s\u2068]*Mar 4, 2099, 6:00 PM EST/);
  assert.ok(!text.includes("555-0100"), "nothing is made up");
  await look(preview, "letter-preview");
  await preview.goto(`${service.origin}${path}/letters/reply/preview`);
  const reply = await preview.locator("article").textContent();
  assert.ok(!reply.includes("2099"), "who asked is not told when the person is released");
  await preview.close();
  await officer.goto(address);
  const kinds = await officer.locator("#history-title ~ details tbody tr").allTextContents();
  assert.ok(kinds.slice(0, kinds.length - history).every((it) => it.includes("was read")), kinds[0]);
});

test("a narrowed list is saved by name, and taken away again", async () => {
  await officer.goto(`${service.origin}/requests?show=decided`);
  await officer.click("text=Save this list");
  await officer.fill("#filter-name", "Ready for counsel");
  await officer.click("main button:text-is('Save')");
  const own = officer.locator("nav[aria-label='Filters that you saved']");
  assert.match(await own.locator("a").getAttribute("href"), /^\/requests\?show=decided$/);
  await look(officer, "requests-saved");
  assert.ok(!officer.url().includes("Ready"), "the name stands in no address");
  const counsel = await somebody(browser, service, { name: "carla", role: "counsel", agency });
  await counsel.goto(`${service.origin}/requests`);
  assert.equal(await counsel.locator("nav[aria-label='Filters that you saved']").count(), 0);
  await counsel.context().close();
  await own.locator("button").click();
  assert.equal(await own.count(), 0);
});

test("a session that locks comes back to the same page, with what was typed", async () => {
  await taken_in(officer, "2099-03-05T09:00");
  while (!(await officer.locator("[data-panel]").count())) await officer.click("button[value=unknown]");
  const question = await heading(officer);
  const kept = officer.waitForResponse((it) => it.url().endsWith("/draft"));
  const radio = officer.locator("[data-panel]").nth(1);
  await radio.check();
  const value = await radio.inputValue();
  assert.equal((await kept).status(), 204);
  const address = officer.url();
  const [cookie] = await officer.context().cookies();
  await officer.context().addCookies([{ ...cookie, value: "A".repeat(43) }]);
  officer.once("dialog", (dialog) => dialog.accept());
  await officer.goto(address);
  assert.equal(await heading(officer), "The session is locked");
  await officer.click("text=Sign in again");
  // Each code is good once: the next one has to come.
  await new Promise((done) => setTimeout(done, 30_500 - (Date.now() % 30_000)));
  await officer.fill("#name", "olga");
  await officer.fill("#password", password);
  await officer.fill("#code", code(officer.seed, 1));
  await officer.click("main button");
  assert.equal(officer.url(), address);
  assert.equal(await heading(officer), question);
  assert.equal(await officer.locator("[data-panel]:checked").inputValue(), value);
  assert.match(await officer.locator("main").textContent(), /What you typed here before is put back/);
  await look(officer, "interview-put-back");
});
