// The counter's daily work: the clock, letters before they are made, lists, a session that locks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, printed } from "./look.mjs";
import { answers, heading, interview, opened, somebody } from "./people.mjs";
import { code, password } from "./service.mjs";

const agency = "us-ny-nyc/doc";
let service;
let browser;
let officer;

opened(async (place) => {
  ({ service, browser } = place);
  officer = await somebody(browser, service, { name: "olga", role: "officer", agency });
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
  assert.match(await officer.locator("#letters").textContent(), /carry no address yet/);
  const address = officer.url();
  const history = await officer.locator("#history tbody tr").count();
  await officer.selectOption("#language-person", "ar");
  const [preview] = await Promise.all([
    officer.context().waitForEvent("page"),
    officer.click("form[action$='/letters/person'] button[formaction]"),
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
  assert.equal(await officer.locator("#history tbody tr").count(), history, "nothing was done");
  assert.ok((await officer.locator("#reads tbody tr").count()) > 3, "that it was read is recorded");
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

test("a request is given to somebody, corrected and taken up again, each with a reason", async () => {
  const boss = await somebody(browser, service, { name: "sven", role: "supervisor", agency });
  await boss.goto(`${service.origin}/requests`);
  await boss.locator("tbody th a").first().click();
  const address = boss.url();
  await boss.click("text=Give it to a colleague");
  await boss.selectOption("#assign-to", "olga");
  await boss.fill("#assign-note", "Knows the facility.");
  await boss.click("button:text-is('Give it to them')");
  assert.match(await boss.locator("#next").textContent(), /Seen to by Olga: Knows the facility\./);
  await look(boss, "request-given");
  await officer.goto(`${service.origin}/requests?show=mine`);
  assert.equal(await officer.locator("tbody tr").count(), 1);

  const row = boss.locator("tr", { hasText: "Does the search show" });
  await row.locator("text=Correct").click();
  await look(boss, "request-correct");
  assert.equal(await boss.locator("details.correction[open]").count(), 1, "the chosen one is open");
  await boss.click("button:text-is('Record the correction')");
  assert.match(await boss.locator("#fault").textContent(), /Give at least one right answer/);
  await boss.check("details[open] input[value=yes]");
  // A second one is corrected in one go; without scripts it is a fold of the page as well.
  const due = boss.locator("details.correction", { hasText: "When is release from custody due" });
  await due.locator("summary").click();
  await due.locator("input[type=datetime-local]").fill("2099-03-06T07:30");
  await boss.click("button:text-is('Record the correction')");
  assert.match(await boss.locator("#fault").textContent(), /Say what was wrong/);
  assert.equal(await due.locator("input[type=datetime-local]").inputValue(), "2099-03-06T07:30");
  await look(boss, "request-correct-refused");
  await boss.fill("#note", "The wrong person was looked up.");
  await boss.click("button:text-is('Record the correction')");
  assert.match(boss.url(), /\?changed=\d+$/);
  assert.equal(await boss.locator("[role=status].saved").textContent(), "Saved. Changed: Notify federal immigration authorities of the release is open again, and may come out Not allowed, or Not settled – counsel decides.");
  await look(boss, "request-corrected");
  assert.match(await boss.locator(".clock").textContent(), /released by Mar 6, 2099, 7:30 AM/);
  assert.match(await boss.locator("tr", { hasText: "Does the search show" }).textContent(), /Yes/);
  assert.match(await boss.locator("#history").textContent(), /An entry was corrected/);
  // The first entry is no fact: it is corrected by a note.
  await boss.click("text=Everything that happened");
  await boss.locator("#history tbody tr").last().locator("a").click();
  await look(boss, "request-correct-entry");

  await boss.goto(address);
  await boss.click("text=Put the answer forward");
  const counsel = await somebody(browser, service, { name: "carl", role: "counsel", agency });
  await counsel.goto(address);
  await counsel.click("button:text-is('Sign the answer')");
  await counsel.click("text=Take it up again");
  await counsel.selectOption("#reopen-why", "challenge");
  await counsel.fill("#reopen-note", "The lawyer sent a certificate.");
  await counsel.locator("#next button:text-is('Take it up again')").click();
  const next = await counsel.locator("#next").textContent();
  assert.match(next, /taken up again\.\s*The person or their lawyer objects: The lawyer sent a certificate\./);
  assert.ok(!next.includes("Signed by"));
  await look(counsel, "request-taken-up-again");
  await boss.context().close();
  await counsel.context().close();
});

test("several facts are corrected in one go without scripts", async () => {
  const address = await taken_in(officer, "2099-03-08T10:00");
  await interview(officer, {
    "Does the search show": "no",
    "Which convictions": (it) => it.click("button[value=none]"),
  });
  const options = { javaScriptEnabled: false, viewport: { width: 320, height: 640 } };
  const boss = await somebody(browser, service, { name: "nora", role: "supervisor", agency, options });
  await boss.goto(address);
  await boss.locator("tr", { hasText: "Does the search show" }).locator("text=Correct").click();
  await boss.check("details[open] input[value=unknown]");
  const due = boss.locator("details.correction", { hasText: "When is release from custody due" });
  await due.locator("summary").click();
  await due.locator("input").fill("2099-03-09T11:15");
  await due.locator("select").selectOption("told-by_judge");
  await boss.fill("#note", "Both were read off the wrong sheet.");
  await boss.click("button:text-is('Record the correction')");
  assert.ok(boss.url().startsWith(`${address}?changed=`));
  assert.match(await boss.locator("[role=status].saved").textContent(), /^Saved\. Changed: Notify federal immigration authorities of the release is open again/);
  assert.match(await boss.locator(".clock").textContent(), /Mar 9, 2099, 11:15 AM/);
  const row = boss.locator("tr", { hasText: "When is release from custody due" });
  assert.match(await row.textContent(), /Told by a court/);
  await boss.click("text=Asked and not known");
  const unknown = boss.locator("#facts-title ~ details li", { hasText: "Does the search show" });
  assert.match(await unknown.first().textContent(), /Nora/);
  assert.equal(await boss.locator("#history tr", { hasText: "An entry was corrected" }).count(), 1, "one entry");
  await boss.context().close();
});

test("what the law leaves to counsel, counsel decides, with a reason and what it rests on", async () => {
  const address = await taken_in(officer, "2099-03-07T09:00");
  const counsel = await somebody(browser, service, { name: "cora", role: "counsel", agency });
  await officer.goto(address);
  assert.equal(await officer.locator(".decide").count(), 0, "an officer decides nothing otherwise");
  await counsel.goto(address);
  const card = counsel.locator(".act-card", { hasText: "Notify federal" });
  await card.locator(".decide summary").click();
  await card.locator("textarea").fill("   ");
  await card.locator("select").selectOption("prohibited");
  await card.locator("input[name=citation]").fill("Opinion 2026-3 of the general counsel");
  await card.locator("button").click();
  assert.match(await counsel.locator("#fault").textContent(), /^\s*This was not recorded\s*Say why you decide so\.\s*$/);
  await look(counsel, "request-decide");
  assert.equal(await card.locator("input[name=citation]").inputValue(), "Opinion 2026-3 of the general counsel");
  assert.equal(await card.locator("select").inputValue(), "prohibited");
  await card.locator("textarea").fill("No exception of the section fits.");
  await card.locator("button").click();
  const text = await card.textContent();
  assert.match(text, /Not allowed[\s\S]*Cora decided this: Not allowed\. The rules left it open\./);
  assert.match(text, /No exception of the section fits\. \(Opinion 2026-3 of the general counsel\)/);
  await look(counsel, "request-decided-otherwise");
  await officer.goto(address);
  await officer.click("text=Put the answer forward");
  await counsel.goto(address);
  await counsel.click("button:text-is('Sign the answer')");
  assert.match(await counsel.locator("#next").textContent(), /Signed by Cora/);
  await counsel.context().close();
});

test("a decision of many ways is folded, and printed in part; a name for several acts leads to each", async () => {
  await officer.goto(`${service.origin}/decisions/us-ny-nyc/doc/notify_release`);
  const height = () => officer.evaluate(() => document.documentElement.scrollHeight);
  const folded = await height();
  assert.ok(folded < 4000, `${folded} px`);
  const outcomes = (selector) => officer.locator(selector).allTextContents();
  const named = new Set((await outcomes("main > p .badge")).map((it) => it.trim()));
  const listed = new Set((await outcomes("details.ways > summary .badge")).map((it) => it.trim()));
  assert.deepEqual(listed, named, "each outcome has its ways");
  await look(officer, "decision-folded");
  const cell = officer.locator("details.ways details.ways td").last();
  assert.ok(!(await cell.isVisible()));
  await officer.emulateMedia({ media: "print" });
  const first = officer.locator("details.ways details.ways td").first();
  assert.ok(await first.isVisible(), "printed, the first part of each outcome is unfolded");
  assert.ok(!(await cell.isVisible()), "hundreds of ways are not");
  await officer.emulateMedia({ media: null });
  const sheets = await printed(officer, "decision");
  assert.ok(sheets <= 20, `${sheets} sheets`);
  await officer.locator("details.ways:not(.ways .ways) > summary").last().click();
  await look(officer, "decision-unfolded");

  const answer = await officer.goto(`${service.origin}/decisions/us-ny-nyc/doc/honor_detainer`);
  assert.equal(answer.status(), 200);
  assert.ok((await officer.locator("main a[href*='/decisions/us-ny-nyc/doc/hold_past_release']").count()) > 0);
  await look(officer, "decision-several");
});
