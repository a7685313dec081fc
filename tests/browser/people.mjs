// What the people of the journeys do.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { open, table, window } from "./look.mjs";
import { code, password, start } from "./service.mjs";

/**
 * A service with a browser for the tests of a file: both are there when the first of them begins,
 * and are gone after the last. `then` makes what the file needs besides.
 */
export function opened(then = () => {}) {
  const place = {};
  before(async () => {
    place.service = await start();
    place.browser = await open();
    await then(place);
  });
  after(async () => {
    table();
    await place.browser?.close();
    await place.service?.stop();
  });
  return place;
}

/** Opens an account by its link; returns the key of its authenticator. */
export async function enrol(page, link, name, person) {
  await page.goto(link);
  const seed = await page.locator("code.key").textContent();
  if (await page.locator("#name").count()) await page.fill("#name", name);
  await page.fill("#person", person);
  await page.fill("#password", password);
  await page.fill("#again", password);
  await page.fill("#code", code(seed));
  await page.click("main button");
  assert.equal(await heading(page), "Your account is open");
  return seed;
}

/** Signs in; each code is good once, so the one after the last that was used is typed. */
export async function sign_in(page, origin, name, seed) {
  await page.goto(`${origin}/sign-in`);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.fill("#code", code(seed, 1));
  await page.click("main button");
  assert.equal(await heading(page), "Your work");
}

/** Somebody new who is signed in, in a window of their own. */
export async function somebody(browser, service, { name, role, agency, options }) {
  const page = await window(browser, service.origin, options);
  const person = name[0].toUpperCase() + name.slice(1);
  const link = service.invite(name, "--person", person, "--role", role, "--agency", agency);
  const seed = await enrol(page, link, name, person);
  await sign_in(page, service.origin, name, seed);
  page.seed = seed;
  return page;
}

/** The heading of the page that is open. */
export async function heading(page) {
  return (await page.locator("h1").textContent()).trim();
}

/** The outcomes that the page of a request shows. */
export async function answers(page) {
  return (await page.locator(".act-card .badge").allTextContents()).map((it) => it.trim());
}

/** Whether the interview is over. */
export async function is_over(page) {
  const title = await heading(page);
  return title.startsWith("The answer is settled") || title.startsWith("There is nothing more");
}

/**
 * Answers what is asked: `known` by the beginning of the question, with a value or a function;
 * everything else is not known. Returns how many questions there were.
 */
export async function interview(page, known) {
  let count = 0;
  while (!(await is_over(page))) {
    count += 1;
    assert.ok(count < 40, "the interview comes to an end");
    const title = await heading(page);
    const answer = Object.entries(known).find(([start]) => title.startsWith(start))?.[1];
    if (typeof answer === "function") await answer(page);
    else if (await page.locator("[data-panel]").count()) {
      await page.check(`input[name=answer][value=${answer ?? "unknown"}]`);
      await page.click("button[value=save]");
    } else if (answer) {
      await page.fill("#answer", answer);
      await page.click("button[value=save]");
    } else await page.click("button[value=unknown]");
  }
  return count;
}
