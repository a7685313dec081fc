// What an administrator does with accounts: with scripts and without, on a screen and on a phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, window } from "./look.mjs";
import { enrol, heading, opened, somebody } from "./people.mjs";

const agency = "us-ny-nyc/doc";
let service;
let browser;
let admin;

opened(async (place) => {
  ({ service, browser } = place);
  admin = await somebody(browser, service, { name: "ada", role: "administrator", agency });
  await somebody(browser, service, { name: "olga", role: "officer", agency });
});

/** The row of somebody, with what can be done. */
function row(page, name) {
  return page.locator(".opening tbody", { hasText: `Change the account of ${name}` });
}

async function said(page) {
  return (await page.locator(".notice[role=status]").innerText()).trim();
}

test("after five wrong tries somebody is released, by keyboard alone", async () => {
  const stranger = await window(browser, service.origin);
  for (let count = 0; count < 5; count += 1) {
    await stranger.goto(`${service.origin}/sign-in`);
    await stranger.fill("#name", "olga");
    await stranger.fill("#password", "a wrong password");
    await stranger.fill("#code", "000000");
    await stranger.click("main button");
  }
  await stranger.context().close();
  await admin.goto(`${service.origin}/people`);
  assert.match(await row(admin, "Olga").innerText(), /Locked/);
  await look(admin, "people-locked");
  await admin.locator(".notice a", { hasText: "Olga" }).focus();
  await admin.keyboard.press("Enter");
  assert.ok(await row(admin, "Olga").evaluate((it) => it.matches(":target")));
  await row(admin, "Olga").locator("button[value=release]").focus();
  await admin.keyboard.press("Enter");
  await admin.waitForSelector(".notice[role=status]");
  assert.equal(await said(admin), "Olga can sign in again.");
  assert.equal(new URL(admin.url()).pathname, "/people", "no name is in the address");
  assert.doesNotMatch(await row(admin, "Olga").innerText(), /Locked/);
});

test("roles and agencies are changed, with a mistake on the way", async () => {
  await admin.goto(`${service.origin}/people`);
  await admin.click("text=Change the account of Olga");
  await look(admin, "people-open");
  await admin.check("#of-olga-supervisor");
  await admin.fill("#of-olga-more", "The Moon");
  await admin.click("text=Change what olga may do");
  assert.match(await admin.title(), /^Error: /);
  assert.ok(await admin.isChecked("#of-olga-supervisor"), "what was ticked stays");
  await look(admin, "people-change-refused");
  await admin.fill("#of-olga-more", "The Police Department, City of New York");
  await admin.click("text=Change what olga may do");
  assert.match(await said(admin), /^Changed. Olga from now on: officer, supervisor. For: /);
  await look(admin, "people-changed");
});

test("a lock, a new link and one that is taken back, without scripts", async () => {
  const nora = await somebody(browser, service, { name: "nora", role: "officer", agency });
  const options = { javaScriptEnabled: false, storageState: await admin.context().storageState() };
  const page = await window(browser, service.origin, options);
  await page.goto(`${service.origin}/people`);
  await row(page, "Nora").locator("summary").click();
  await page.click("text=Lock nora");
  assert.match(await said(page), /^Nora is signed out/);
  await nora.goto(`${service.origin}/`);
  assert.equal(await heading(nora), "The session is locked");
  await page.click("text=Make a new link for nora");
  assert.match(await said(page), /A link for Nora/);
  await page.context().close();
  await admin.goto(`${service.origin}/people`);
  assert.match(await row(admin, "Nora").innerText(), /Needs a new password/);
  await look(admin, "people-waiting");
  await admin.locator("tr", { hasText: "Nora" }).locator("button[value=withdraw]").click();
  assert.equal(await said(admin), "The link was taken back. It opens nothing any more.");
  await row(admin, "Nora").locator("summary").click();
  await admin.click("text=Make a new link for nora");
  await enrol(nora, await admin.locator(".key-link").textContent(), "nora", "Nora");
});

test("nobody locks herself out", async () => {
  await admin.goto(`${service.origin}/people`);
  const own = row(admin, "Ada");
  await own.locator("summary").click();
  assert.match(await own.innerText(), /You cannot lock your own account/);
  await admin.uncheck("#of-ada-administrator");
  await admin.check("#of-ada-auditor");
  await admin.click("text=Change what ada may do");
  assert.match(await admin.locator("#fault").innerText(), /Nobody would be left/);
});
