// Where an agency is reached: set once in the settings, and then in the preview, in the letter and
// at the door.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { look, printed, window } from "./look.mjs";
import { text_of } from "./paper.mjs";
import { interview, opened, somebody } from "./people.mjs";

const agency = "us-ny-nyc/doc";
/** Made up: no street, office or number of it exists. */
const office = `
[[letterhead]]
agency = "${agency}"
address = ["1 Example Street", "Sampleton, NY 00000"]
contact = "Office of the General Counsel"
telephone = "555-0100"
email = "counsel@doc.example"
`;
const said = [
  "1 Example Street",
  "Sampleton, NY 00000",
  "Office of the General Counsel",
  "555-0100",
  "counsel@doc.example",
];
let service;
let browser;
let officer;

opened({ office }, async (place) => {
  ({ service, browser } = place);
  officer = await somebody(browser, service, { name: "olga", role: "officer", agency });
});

test("the head of the agency's letters is that of the settings, in the preview and as a PDF", async () => {
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
  assert.ok(!(await officer.locator("#letters").textContent()).includes("office.toml"), "nothing is missing");

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
