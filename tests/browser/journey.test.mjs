// From the first run to a signed answer, a ticked duty and a locked session, in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look, measured, open, window } from "./look.mjs";
import { code, password, start } from "./service.mjs";

const agency = "us-ny-nyc/doc";
let service;
let browser;

before(async () => {
  service = await start();
  browser = await open();
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

/** Opens an account by its link; returns the key of its authenticator. */
async function enrol(page, link, name, person) {
  await page.goto(link);
  const seed = await page.locator("code.key").textContent();
  if (await page.locator("#name").count()) await page.fill("#name", name);
  await page.fill("#person", person);
  await page.fill("#password", password);
  await page.fill("#again", password);
  await page.fill("#code", code(seed));
  await page.click("main button");
  assert.equal(await page.locator("h1").textContent(), "Your account is open");
  return seed;
}

async function sign_in(page, name, seed, ahead = 1) {
  await page.goto(`${service.origin}/sign-in`);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.fill("#code", code(seed, ahead));
  await page.click("main button");
  assert.equal(await page.locator("h1").textContent(), "Your work");
}

/** Somebody who is signed in, in a window of their own. */
async function somebody(name, role, options) {
  const page = await window(browser, service.origin, options);
  const person = name[0].toUpperCase() + name.slice(1);
  const link = service.invite(name, "--person", person, "--role", role, "--agency", agency);
  const seed = await enrol(page, link, name, person);
  await sign_in(page, name, seed);
  return page;
}

const heading = async (page) => (await page.locator("h1").textContent()).trim();
const answers = async (page) => (await page.locator(".act-card .badge").allTextContents()).map((it) => it.trim());

/** Answers what is asked: `known` by the beginning of the question, all else is not known. */
async function interview(page, known, name) {
  let count = 0;
  while (page.url().includes("/interview")) {
    const title = await heading(page);
    if (title.startsWith("The answer is settled") || title.startsWith("There is nothing more")) break;
    count += 1;
    assert.ok(count < 40, "the interview comes to an end");
    if (name && count === 1) await look(page, `${name}-question`);
    const answer = Object.entries(known).find(([start]) => title.startsWith(start))?.[1];
    if (typeof answer === "function") await answer(page);
    else if (await page.locator("[data-panel]").count()) {
      await page.check(`input[name=answer][value=${answer ?? "unknown"}]`);
      await page.click("button[value=save]");
    } else await page.click("button[value=unknown]");
  }
  return count;
}

const history = async (page) => {
  await look(page, "interview-history");
  await page.fill('input[name="0.offense"]', "NY PL 160.15");
  await page.fill('input[name="0.judgment_date"]', "2024-05-06");
  await page.click("button[value=add]");
  assert.equal(await page.inputValue('input[name="0.offense"]'), "NY PL 160.15");
  await page.fill('input[name="1.offense"]', "NY PL 155.25");
  await page.fill('input[name="1.judgment_date"]', "2023-01-02");
  await look(page, "interview-history-two");
  await page.click("button[value=save]");
};

let reference;

test("first run, sign-in with a second factor", async () => {
  const page = await window(browser, service.origin);
  await page.goto(service.link);
  await look(page, "set-up");
  const seed = await enrol(page, service.link, "ada", "Ada");
  await page.goto(`${service.origin}/sign-in`);
  await look(page, "sign-in");
  await page.fill("#name", "ada");
  await page.fill("#password", "wrong");
  await page.fill("#code", "123456");
  await page.click("main button");
  await look(page, "sign-in-refused");
  await sign_in(page, "ada", seed);
  await look(page, "home-administrator");
  await page.goto(`${service.origin}/requests`);
  assert.equal(page.faults.length, 0);
  await look(page, "not-permitted");
  await page.goto(`${service.origin}/nowhere`);
  await look(page, "not-found");
  await page.context().close();
});

test("a request is taken in, asked about, put forward, signed, done", async () => {
  const officer = await somebody("olga", "officer");
  await look(officer, "home-empty");
  await officer.click("text=New request >> nth=0");
  await look(officer, "request-new");
  await officer.click("main form button:last-of-type");
  await look(officer, "request-new-refused");
  await officer.check("text=I-247A: Immigration Detainer");
  await officer.check("text=I-200: Warrant for Arrest");
  await officer.fill("#name", "Juana Canary");
  await officer.fill("#facility", "Intake center");
  await officer.click("text=Take the request in");
  await interview(officer, { "Which convictions": history }, "interview");
  await look(officer, "interview-end");
  assert.ok(!(await officer.title()).includes("Canary"));
  assert.ok(!officer.url().includes("Canary"));
  await officer.click("text=Look at the reasons");
  reference = new URL(officer.url()).pathname;
  await look(officer, "request-open");
  console.log(await heading(officer), await answers(officer));
  await officer.click("text=Put the answer forward");
  await look(officer, "request-proposed");
  assert.equal(await officer.locator("text=Sign the answer").count(), 0, "nobody signs their own");

  const counsel = await somebody("carla", "counsel");
  await look(counsel, "home-counsel");
  await counsel.goto(`${service.origin}/queue`);
  await look(counsel, "queue");
  await counsel.click("tbody th a");
  await look(counsel, "request-to-sign");
  await counsel.click("text=Send it back instead");
  await counsel.fill("#note", "Look up the second conviction, please.");
  await counsel.click("button:text-is('Send it back')");
  await look(counsel, "request-sent-back");

  await officer.goto(service.origin + reference);
  await look(officer, "request-returned");
  await officer.click("text=Put the answer forward");
  await counsel.goto(service.origin + reference);
  await counsel.click("button:text-is('Sign the answer')");
  assert.match(await counsel.locator("#next").textContent(), /Signed by Carla/);
  await look(counsel, "request-signed");

  await officer.goto(service.origin + reference);
  const first = officer.locator(".task.open").first();
  await first.locator("input[name=evidence]").fill("copy handed over, receipt signed");
  await first.locator("button").click();
  assert.equal(await officer.locator(".task.done").count(), 1);
  await officer.check("#did-refrained");
  await officer.fill("#how", "released");
  await officer.click("text=Record it");
  await look(officer, "request-acted");
  await officer.goto(`${service.origin}/requests`);
  await look(officer, "requests");
  await officer.goto(`${service.origin}/find`);
  await officer.fill("#words", "Canary");
  await officer.fill("#why", "the person asks");
  await officer.click("main form button");
  assert.equal(await officer.locator("tbody tr").count(), 1);
  await look(officer, "find");
  await officer.goto(`${service.origin}/help`);
  await look(officer, "help");
  await officer.goto(`${service.origin}/locked`);
  await look(officer, "locked");
});
