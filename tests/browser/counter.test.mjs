// The counter's daily work: the clock, letters before they are made, lists, a session that locks.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { look, open } from "./look.mjs";
import { answers, interview, somebody } from "./people.mjs";
import { start } from "./service.mjs";

const agency = "us-ny-nyc/doc";
const head = `
[[letterhead]]
agency = "${agency}"
address = ["1 Example Street", "Example City, EX 00000"]
contact = "Office of Examples"
telephone = "555-0100"
email = "office@example.test"
`;
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

/** The text of a PDF as another program reads it; null where that program is not installed. */
function text_of(path) {
  try {
    return execFileSync("pdftotext", [path, "-"]).toString();
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

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
