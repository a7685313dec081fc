// Passkeys in a real browser, with a device that the browser makes up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, window } from "./look.mjs";
import { enrol, heading, opened, sign_in } from "./people.mjs";
import { password } from "./service.mjs";

let service;
let browser;
let origin;

opened(async (place) => {
  ({ service, browser } = place);
  // Passkeys are bound to a name, and an address is none.
  origin = service.origin.replace("127.0.0.1", "localhost");
});

/** Gives a window a device that keeps passkeys; `verifies`: it recognizes its user. */
async function device(page, verifies) {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
  return { client, authenticatorId };
}

async function add(page, name, typed = password) {
  await page.fill("#name", name);
  await page.fill("#password", typed);
  await page.click("#passkey > button");
}

test("a passkey is added, signs in, and is removed", async () => {
  const page = await window(browser, origin);
  const seed = await enrol(page, service.link.replace("127.0.0.1", "localhost"), "ada", "Ada");
  const { client, authenticatorId } = await device(page, true);
  await sign_in(page, origin, "ada", seed);
  await page.click("text=Your account and its passkeys");
  assert.equal(await heading(page), "Your account");
  await look(page, "account");
  await add(page, "work laptop", "not the password");
  await page.waitForSelector("#fault");
  assert.match(await page.textContent("#fault"), /The password is wrong/);
  await look(page, "account-refused");
  const { credentials: stray } = await client.send("WebAuthn.getCredentials", { authenticatorId });
  for (const { credentialId } of stray) {
    await client.send("WebAuthn.removeCredential", { authenticatorId, credentialId });
  }

  await add(page, "work laptop");
  await page.waitForSelector("table");
  assert.match(await page.textContent("tbody"), /work laptop.*not yet/s);
  await look(page, "account-passkey");
  await add(page, "the same again");
  await page.waitForFunction(() => document.getElementById("passkey-said").textContent !== "");
  assert.match(await page.textContent("#passkey-said"), /has a passkey for your account already/);

  await page.click("text=Sign out");
  await look(page, "sign-in-passkey");
  await page.click("text=Use a passkey");
  await page.waitForURL(`${origin}/`);
  assert.equal(await heading(page), "Your work");

  await client.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.click("text=Sign out");
  await page.click("text=Use a passkey");
  await page.waitForFunction(() => document.getElementById("passkey-said").textContent !== "");
  assert.match(await page.textContent("#passkey-said"), /No passkey was used/);
  await client.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await page.fill("#name", "ada");
  await page.fill("#password", password);
  await page.click("text=Use a passkey");
  await page.waitForURL(`${origin}/`);

  await page.goto(`${origin}/account`);
  await page.click("text=Remove work laptop");
  assert.equal(await page.locator("table").count(), 0);
  await page.click("text=Sign out");
  await page.click("text=Use a passkey");
  await page.waitForSelector(".fault");
  assert.match(await page.textContent(".fault"), /You are not signed in/);
  await page.context().close();
});

test("without scripts the pages say that codes are there", async () => {
  const page = await window(browser, origin, { javaScriptEnabled: false });
  await page.goto(`${origin}/sign-in`);
  assert.ok(await page.isVisible("#passkey-none"));
  assert.ok(!(await page.isVisible("#passkey")));
  assert.match(await page.textContent("#passkey-none"), /The code needs none/);
  await page.context().close();
});
