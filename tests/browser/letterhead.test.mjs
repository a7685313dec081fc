// Where an agency is reached: written once by an administrator, and then in the preview, in the
// letter and at the door.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { look, printed, window } from "./look.mjs";
import { text_of } from "./paper.mjs";
import { interview, opened, somebody } from "./people.mjs";

const agency = "us-ny-nyc/doc";
/** Made up: no street, office or number of it exists. */
const said = [
  "1 Example Street",
  "Sampleton, NY 00000",
  "Office of the General Counsel",
  "555-0100",
  "counsel@doc.example",
];
let service;
let browser;
let admin;
let officer;

opened(async (place) => {
  ({ service, browser } = place);
  admin = await somebody(browser, service, { name: "ada", role: "administrator", agency });
  officer = await somebody(browser, service, { name: "olga", role: "officer", agency });
});

test("the first page says whose letters carry no address yet", async () => {
  await admin.goto(service.origin);
  await look(admin, "home-no-letterhead");
});

test("an administrator writes where the agency is reached, also without scripts", async () => {
  const options = { javaScriptEnabled: false, storageState: await admin.context().storageState() };
  const page = await window(browser, service.origin, options);
  await page.goto(service.origin);
  assert.match(await page.locator(".notice").innerText(), /Letters without an address/);
  await page.click("text=Letterheads");
  await page.locator("tr", { hasText: "Not set yet" }).locator("a").click();
  await page.fill("#address", "1\n2\n3\n4\n5\n6\n7");
  await page.fill("#contact", said[2]);
  await page.click("text=Save");
  assert.match(await page.locator("#fault").innerText(), /The address has more than 6 lines/);
  assert.equal(await page.inputValue("#contact"), said[2], "what was typed stays");
  await page.fill("#address", `${said[0]}\n${said[1]}`);
  await page.fill("#telephone", said[3]);
  await page.fill("#email", said[4]);
  await page.click("text=Save");
  assert.match(await page.locator("[role=status]").innerText(), /^Saved for The Department of Corr/);
  await page.context().close();

  await admin.goto(service.origin);
  assert.equal(await admin.locator(".notice").count(), 0, "nothing is missing");
  await admin.goto(`${service.origin}/letterheads`);
  await look(admin, "letterheads");
  await admin.selectOption("#agency", "us-ma/department_of_correction");
  await admin.click("text=Go to its letterhead");
  assert.match(await admin.locator("#form").innerText(), /Commonwealth of Massachusetts/);
  await look(admin, "letterhead-form");
  await admin.fill("#address", "1\n2\n3\n4\n5\n6\n7");
  await admin.click("text=Save");
  await look(admin, "letterhead-refused");
  await admin.click("text=Leave it as it is");
  await admin.click("text=Change where The Department");
  assert.equal(await admin.inputValue("#address"), `${said[0]}\n${said[1]}\n`);
});

test("the head of the agency's letters is what was written, in the preview and as a PDF", async () => {
  await officer.goto(`${service.origin}/requests/new`);
  await officer.check("text=I-247A: Immigration Detainer");
  await officer.fill("#name", "Juana Canary");
  await officer.click("text=Take the request in");
  const address = officer.url().replace("/interview", "");
  await interview(officer, {
    "Does the search show": "no",
    "Which convictions": (it) => it.click("button[value=none]"),
  });
  await officer.goto(address);
  const letters = await officer.locator("#letters").textContent();
  assert.ok(!letters.includes("carry no address"), "nothing is missing");

  await officer.goto(`${address}/letters/reply/preview`);
  const preview = await officer.locator("article").textContent();
  const head = await officer.locator(".sheet-head").textContent();
  for (const it of said) assert.ok(preview.includes(it), `${it} in: ${preview}`);
  assert.ok(head.includes(said[0]) && head.includes(said[3]), head);
  await look(officer, "letterhead-preview");

  for (const [kind, language] of [["reply", "en"], ["person", "ar"], ["counsel", "en"]]) {
    await officer.goto(address);
    if (language !== "en") await officer.selectOption(`#language-${kind}`, language);
    const button = `form[action$='/letters/${kind}'] button:not([formaction])`;
    const [download] = await Promise.all([officer.waitForEvent("download"), officer.click(button)]);
    const bytes = readFileSync(await download.path());
    assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
    const text = text_of(await download.path());
    const address_said = said.slice(0, 2);
    if (text !== null) for (const it of address_said) assert.ok(text.includes(it), `${kind}: ${text}`);
    if (text !== null && kind === "reply") {
      for (const it of said) assert.ok(text.includes(it), `${it} in: ${text}`);
    }
  }
});

test("at the door, the agency is among those to call", async () => {
  const visitor = await window(browser, service.origin);
  await visitor.goto(`${service.origin}/door/${agency}/0`);
  assert.match(await visitor.locator("main").innerText(), /Your agency: .*555-0100/);
  await look(visitor, "door-reached");
  // Printed, it is a card: one page, without the parts for screens.
  assert.equal(await printed(visitor, "door-card"), 1);
  await visitor.context().close();
});
