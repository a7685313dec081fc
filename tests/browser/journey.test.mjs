// From the first run to a signed answer, a ticked duty and a locked session, in a real browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { look, printed, window } from "./look.mjs";
import { detainer, text_of } from "./paper.mjs";
import {
  answers, enrol, heading, interview, is_over, opened, sign_in, somebody,
} from "./people.mjs";

const agency = "us-ny-nyc/doc";
let service;
let browser;
let officer;
let counsel;
let reference;

opened(async (place) => {
  ({ service, browser } = place);
});

async function history(page) {
  await look(page, "interview-history");
  await page.fill('input[name="0.offense"]', "NY PL 160.15");
  await page.fill('input[name="0.judgment_date"]', "2024-05-06");
  await page.click("button[value=add]");
  assert.equal(await page.inputValue('input[name="0.offense"]'), "NY PL 160.15");
  await page.fill('input[name="1.offense"]', "NY PL 155.25");
  await page.fill('input[name="1.judgment_date"]', "2023-01-02");
  await look(page, "interview-history-two");
  await page.click("button[value=save]");
}

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
  await sign_in(page, service.origin, "ada", seed);
  await look(page, "home-administrator");
  await page.click("text=Invite somebody");
  await look(page, "people");
  await page.fill("#person", "Ivan Invited");
  await page.fill("#name", "ivan");
  await page.click("text=Make a link");
  assert.match(await page.title(), /^Error: /);
  await look(page, "people-refused");
  await page.check("#role-officer");
  await page.selectOption("#agency", agency);
  await page.click("text=Make a link");
  await look(page, "people-link");
  const link = await page.locator(".key-link").textContent();
  assert.equal(link, new URL(link).href, "the link is shown whole");
  const cut = await page.locator(".key-link").evaluate((it) => it.scrollWidth - it.clientWidth);
  assert.equal(cut, 0, "and nothing of it is out of sight");
  assert.match(await page.locator(".notice").innerText(), /Department of Correction, City of New York/);
  assert.equal(await page.inputValue("#agency"), agency, "the next is of it, too");
  assert.equal(await page.locator("[id^=role-]:checked").count(), 0);
  assert.match(await page.locator(".opening").textContent(), /Ada/);
  const ivan = await window(browser, service.origin);
  await enrol(ivan, link, "ivan", "Ivan Invited");
  await look(ivan, "set-up-done");
  await ivan.click("main .button");
  assert.equal(await heading(ivan), "Sign in");
  await ivan.context().close();
  await page.goto(`${service.origin}/requests`);
  await look(page, "not-permitted");
  await page.goto(`${service.origin}/nowhere`);
  await look(page, "not-found");
  await page.context().close();
});

test("a request is typed in, with mistakes", async () => {
  officer = await somebody(browser, service, { name: "olga", role: "officer", agency });
  await look(officer, "home-empty");
  await officer.click("main .button");
  await look(officer, "request-new");
  await officer.click("text=Take the request in");
  assert.match(await officer.title(), /^Error: /);
  await look(officer, "request-new-refused");
  await officer.check("text=I-247A: Immigration Detainer");
  await officer.check("text=I-200: Warrant for Arrest");
  const due = officer.locator("input[type=datetime-local]").first();
  await due.fill("2099-03-04T18:00");
  await officer.fill("#name", "Juana Canary");
  await officer.fill("#facility", "Intake center");
  await officer.click("text=Take the request in");
  reference = new URL(officer.url()).pathname.replace("/interview", "");
});

test("the interview asks one thing at a time and shows what each answer leads to", async () => {
  await look(officer, "interview-question");
  await officer.click("text=Why this is asked");
  const [rule] = await Promise.all([
    officer.context().waitForEvent("page"),
    officer.locator(".why a").first().click(),
  ]);
  assert.match(rule.url(), /\/rules\/us-ny-nyc\/9-131.*\?on=/);
  await rule.close();
  await officer.click("button[value=save]");
  await look(officer, "interview-refused");
  let looked = false;
  const choice = async (page) => {
    const radio = page.locator("[data-panel]").first();
    await radio.check();
    assert.equal(await page.locator(".panel-if:visible").count(), 1);
    assert.equal(await page.locator(".panel-now:visible").count(), 0);
    assert.notEqual(await page.locator("#panel-said").textContent(), "");
    await look(page, "interview-choice");
    looked = true;
    // The number of an answer chooses it.
    await page.keyboard.press("3");
    assert.equal(await page.locator("[data-panel]:checked").inputValue(), "unknown");
    await page.click("button[value=save]");
  };
  const count = await interview(officer, {
    "Does the search show": choice,
    "Which convictions": history,
  });
  assert.ok(looked && count > 2);
  assert.match(await officer.locator("[role=status].saved").textContent(), /^Saved\. /);
  await look(officer, "interview-end");
  assert.ok(!(await officer.title()).includes("Canary") && !officer.url().includes("Canary"));
});

test("an answer can be changed, and two sources that differ are shown", async () => {
  await officer.goto(service.origin + reference);
  await officer.click("text=Asked and not known");
  await look(officer, "request-not-known");
  await officer.locator("li", { hasText: "Does the search show" }).locator("text=Answer it").click();
  await look(officer, "interview-change");
  await officer.check("input[value=no]");
  await officer.click("button[value=save]");
  assert.equal(await officer.locator("[role=status].saved").textContent(), "Saved. Nothing changed yet.");
  await look(officer, "interview-saved");
  await officer.goto(service.origin + reference);
  await look(officer, "request-open");
  assert.equal((await answers(officer))[0], "Not allowed");
});

test("what changed meanwhile is shown and nothing is lost", async () => {
  const other = await officer.context().newPage();
  await other.goto(service.origin + reference);
  await officer.click("text=Put the answer forward");
  await look(officer, "request-proposed");
  assert.equal(await officer.locator("text=Sign the answer").count(), 0, "nobody signs their own");
  await other.click("text=Put the answer forward");
  assert.equal(await heading(other), "It changed since you looked");
  other.faults = [];
  await look(other, "conflict");
  await other.close();
});

test("counsel sends back, then signs", async () => {
  counsel = await somebody(browser, service, { name: "carla", role: "counsel", agency });
  await look(counsel, "home-counsel");
  await counsel.goto(`${service.origin}/queue`);
  await look(counsel, "queue");
  await counsel.click("tbody th a");
  await look(counsel, "request-to-sign");
  await counsel.click("text=Send it back instead");
  await counsel.fill("#send_back-note", "   ");
  await counsel.click("button:text-is('Send it back')");
  // The mistake is read first: the script gives it the focus once the page is there.
  await counsel.waitForFunction(() => document.activeElement.id === "fault");
  await counsel.click("#fault a");
  await counsel.waitForFunction(() => document.activeElement.id === "send_back-note");
  await look(counsel, "request-send-back-refused");
  await counsel.fill("#send_back-note", "Look up the second conviction, please.");
  await counsel.click("button:text-is('Send it back')");
  await look(counsel, "request-sent-back");
  await officer.goto(service.origin + reference);
  await look(officer, "request-returned");
  await officer.click("text=Put the answer forward");
  await counsel.goto(service.origin + reference);
  await counsel.click("button:text-is('Sign the answer')");
  assert.match(await counsel.locator("#next").textContent(), /Signed by Carla/);
  await look(counsel, "request-signed");
});

test("letters are set as PDF, in the languages of the place, and read back", async () => {
  const saved = async (press) => {
    const [download] = await Promise.all([counsel.waitForEvent("download"), press()]);
    const bytes = readFileSync(await download.path());
    assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
    return { name: download.suggestedFilename(), text: text_of(await download.path()) };
  };
  const reply = await saved(() => counsel.click("form[action$='/letters/reply'] button:not([formaction])"));
  assert.match(reply.name, /-reply-en\.pdf$/);
  if (reply.text !== null) {
    assert.ok(reply.text.includes("DOC-2026-000001") && reply.text.includes("Carla"), reply.text);
    assert.ok(!reply.text.includes("Draft."));
  }
  await counsel.selectOption("#language-person", "ar");
  const notice = await saved(() => counsel.click("form[action$='/letters/person'] button:not([formaction])"));
  assert.match(notice.name, /-person-ar\.pdf$/);
  if (notice.text !== null) assert.match(notice.text, /[\u0600-\u06ff\ufb50-\ufeff]/);
});

test("duties are ticked off and what was done is recorded, until the request is closed", async () => {
  await officer.goto(service.origin + reference);
  // What depends on a fact that nobody knows is folded, and holds nothing open.
  const first = officer.locator(".task.open").first();
  await first.locator("summary").click();
  await look(officer, "request-duties");
  await first.locator("input[name=evidence]").fill("copy handed over, receipt signed");
  await first.locator("button").click();
  assert.equal(await officer.locator(".task.done").count(), 1);
  const left = await officer.locator(".task.open").count();
  assert.ok(left > 0);
  // One form tells of every act; what is not done yet is left at that.
  assert.ok((await officer.locator(".did").count()) > 1);
  assert.equal(await officer.locator(".did input[value=later]:checked").count(), await officer.locator(".did").count());
  await officer.fill("#acts-how", "released");
  await officer.fill("#acts-note", "At the front gate.");
  await officer.click("text=Record it");
  assert.match(await officer.locator("#fault").textContent(), /at least one of them/);
  assert.equal(await officer.inputValue("#acts-note"), "At the front gate.");
  await look(officer, "request-acts-refused");
  for (const act of await officer.locator(".did input[value=refrained]").all()) await act.check();
  await officer.click("text=Record it");
  assert.equal(await officer.locator(".did").count(), 0);
  await look(officer, "request-acted");
  assert.match(await officer.locator("#next").textContent(), /With this you record that it did not come to:/);
  await officer.click("text=Close the request");
  assert.equal(await officer.locator(".task.dropped").count(), left);
  await look(officer, "request-closed");
  // On paper stands what is folded on the screen, and nothing to press.
  await officer.emulateMedia({ media: "print" });
  assert.ok(await officer.locator("#history td").first().isVisible());
  assert.equal(await officer.locator("main button:visible, main select:visible").count(), 0);
  await officer.emulateMedia({ media: null });
  assert.ok((await printed(officer, "request-closed")) <= 7);
});

test("lists, search and help", async () => {
  await officer.goto(`${service.origin}/requests`);
  await look(officer, "requests-none");
  await officer.goto(`${service.origin}/requests?show=closed`);
  assert.equal(await officer.locator("tbody tr").count(), 1);
  await look(officer, "requests");
  await officer.goto(`${service.origin}/find`);
  await officer.fill("#words", "Canary");
  await officer.fill("#why", "the person asks");
  await officer.click("main form button");
  assert.equal(await officer.locator("tbody tr").count(), 1);
  await look(officer, "find");
  await officer.goto(`${service.origin}/help`);
  await look(officer, "help");
});

test("a reason leads to its provision, and the rulebook and the door are open to all", async () => {
  await officer.goto(`${service.origin}/requests?show=closed`);
  await officer.click("tbody a");
  await officer.locator("main a[href^='/rules/']").first().click();
  assert.match(officer.url(), /\/rules\/[^/]+\/.+\?on=/);
  await look(officer, "rule");

  const visitor = await window(browser, service.origin);
  await visitor.goto(`${service.origin}/rules`);
  await look(visitor, "rulebook");
  await visitor.goto(`${service.origin}/rules?q=warrant`);
  assert.ok((await visitor.locator("main a[href^='/rules/']").count()) > 3);
  await look(visitor, "rules-found");
  await visitor.goto(`${service.origin}/rules/us-ny-nyc`);
  await look(visitor, "rules-pack");
  await visitor.goto(`${service.origin}/decisions/us-ny-nyc/doc`);
  await look(visitor, "decisions");
  await visitor.goto(`${service.origin}/decisions/us-ny-nyc/doc/notify_release`);
  assert.ok((await visitor.locator("tbody tr").count()) > 2);
  await look(visitor, "decision");

  await visitor.goto(`${service.origin}/door`);
  await look(visitor, "door");
  await visitor.locator("main a[href$='/us-ny-nyc']").click();
  await visitor.locator("main a[href$='/homeless_services']").click();
  await look(visitor, "door-papers");
  await visitor.locator(".door-choices a").nth(1).click();
  assert.match(await visitor.locator("main").innerText(), /Say[\s\S]+Call[\s\S]+[Ww]rite/);
  await look(visitor, "door-answer");
  await visitor.context().close();
});

test("a form that is handed in fills the page, to be confirmed", async () => {
  await officer.goto(`${service.origin}/requests/new`);
  const buffer = readFileSync(new URL("../../examples/detainer.pdf", import.meta.url));
  assert.deepEqual(buffer, detainer(), "the example is the form that `paper.mjs` makes");
  const file = { name: "detainer.pdf", mimeType: "application/pdf", buffer };
  await officer.setInputFiles("#file", file);
  await officer.click("text=Read it");
  assert.equal(await officer.inputValue("#name"), "CANARY, Juana Example");
  assert.ok(await officer.locator("input[name=papers][value='I-247A']").isChecked());
  const text = await officer.locator("main").textContent();
  assert.ok(!text.includes("NOWHERELAND") && !text.includes("PAT SAMPLE"), "what is not kept is not shown");
  // The page stands beside what was read of it, and what may not be recorded is covered.
  const picture = officer.locator("figure.page img").first();
  if (await officer.locator("figure.page").count()) {
    const drawn = await picture.evaluate((it) => it.decode().then(() => it.naturalWidth));
    assert.equal(drawn, 1000);
    const dot = await picture.evaluate((it) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [it.naturalWidth, it.naturalHeight];
      const sheet = canvas.getContext("2d");
      sheet.drawImage(it, 0, 0);
      return [...sheet.getImageData(555, 307, 1, 1).data];
    });
    assert.deepEqual(dot, [0x99, 0x99, 0x99, 255], "the citizenship is covered");
    const answer = await officer.request.get(service.origin + (await picture.getAttribute("src")));
    assert.equal(answer.headers()["cache-control"], "no-store");
    const other = await counsel.request.get(service.origin + (await picture.getAttribute("src")));
    assert.ok(other.status() >= 400, "nobody else is shown it");
  } else {
    assert.match(text, /pdftoppm .* is not installed/);
  }
  assert.ok(!text.includes("order of removal?"), "no law here looks at it, and nobody is asked to record it");
  await look(officer, "request-read");
  await officer.fill("#on", "2025-03-03");
  await officer.click("text=Take the request in");
  assert.match(officer.url(), /\/interview$/);
  await officer.goto(officer.url().replace("/interview", ""));
  await look(officer, "request-from-paper");
  await officer.goto(`${service.origin}/requests/new`);
  const junk = { name: "x.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 nothing") };
  await officer.setInputFiles("#file", junk);
  await officer.click("text=Read it");
  assert.ok(await officer.locator("#fault").count());
  await look(officer, "request-read-refused");
});

test("a session that is over locks the page", async () => {
  await officer.clock.install();
  await officer.goto(service.origin + reference);
  await officer.clock.fastForward(26 * 60_000);
  assert.equal(await officer.locator(".warning").count(), 1);
  await officer.clock.fastForward(5 * 60_000);
  await officer.waitForURL(/\/locked\?to=%2Frequests%2FDOC-/);
  await look(officer, "locked");
  const [cookie] = await officer.context().cookies();
  await officer.context().addCookies([{ ...cookie, value: "A".repeat(43) }]);
  await officer.goto(service.origin + reference);
  assert.equal(await heading(officer), "The session is locked");
});

test("by keyboard alone", async () => {
  const page = await somebody(browser, service, { name: "kim", role: "officer", agency });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Presses Tab until the focus is on what fits. */
  const reach = async (selector) => {
    for (let count = 0; count < 80; count += 1) {
      await press("Tab");
      if (await page.evaluate((it) => document.activeElement.matches(it), selector)) return;
    }
    assert.fail(`${selector} is not reached by Tab`);
  };
  await press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await reach("main a[href='/requests/new']");
  await press("Enter");
  await page.waitForURL("**/requests/new");
  await reach("input[value='I-247A']");
  await press("Space");
  await reach("form[action='/requests/new'] > .buttons button");
  await press("Enter");
  await page.waitForURL("**/interview");
  let keys = 0;
  while (!(await is_over(page)) && keys < 200) {
    const before = page.url() + (await heading(page));
    if (await page.locator("[data-panel]").count()) {
      const all = await page.locator("[data-panel]").count();
      await press(String(all), "Enter");
      keys += 2;
    } else {
      await reach("button[value=unknown]");
      await press("Enter");
      keys += 2;
    }
    await page.waitForFunction((it) => location.href + document.querySelector("h1")?.textContent.trim() !== it, before);
    await page.waitForLoadState();
  }
  assert.ok(await is_over(page));
  await page.context().close();
});

test("without scripts, on a phone", async () => {
  const options = { javaScriptEnabled: false, viewport: { width: 320, height: 640 } };
  const page = await somebody(browser, service, { name: "noa", role: "officer", agency, options });
  await page.click("main .button");
  await page.check("text=I-247A: Immigration Detainer");
  await page.click("text=Take the request in");
  let seen = false;
  await interview(page, {
    "Does the search show": async () => {
      await page.check("input[value=no]");
      // The sheet alone shows what the answer leads to.
      assert.equal(await page.locator(".panel-if:visible").count(), 1);
      seen = true;
      await page.click("button[value=save]");
    },
    "Which convictions": (it) => it.click("button[value=none]"),
  });
  assert.ok(seen);
  await page.click("text=Look at the reasons");
  await page.click("text=Put the answer forward");
  assert.match(await page.locator("#next").textContent(), /Put forward by Noa/);
  // What was done with every act is one form, and what was typed is not lost.
  await page.click("summary:text-is('Record what was done')");
  for (const act of await page.locator(".did input[value=refrained]").all()) await act.check();
  await page.fill("#acts-how", "  ");
  await page.fill("#acts-note", "At the front gate.");
  await page.click("text=Record it");
  assert.match(await page.locator("#fault").textContent(), /Say in a word what was done/);
  assert.equal(await page.inputValue("#acts-note"), "At the front gate.");
  assert.ok(await page.locator(".did input[value=refrained]").first().isChecked());
  await page.fill("#acts-how", "released");
  await page.click("text=Record it");
  assert.equal(await page.locator(".did").count(), 0);
  assert.match(await page.locator("#done").textContent(), /Not done: released/);
  await page.context().close();
});

test("the same pages serve a place that commands cooperation", async () => {
  const sheriff = "us-tx/county_sheriff";
  const page = await somebody(browser, service, { name: "tess", role: "officer", agency: sheriff });
  await page.click("main .button");
  await page.check("text=I-247A: Immigration Detainer");
  await page.check("text=I-200: Warrant for Arrest");
  await page.click("text=Take the request in");
  await interview(page, {});
  await page.click("text=Look at the reasons");
  await look(page, "request-texas");
  assert.ok((await answers(page)).length > 0);
  await page.context().close();
});

test("dark, and with forced colors", async () => {
  for (const [name, options] of [["dark", { colorScheme: "dark" }], ["forced", { forcedColors: "active" }]]) {
    const page = await somebody(browser, service, { name, role: "officer", agency, options });
    await page.goto(`${service.origin}${reference}`);
    await look(page, `request-${name}`);
    await page.goto(`${service.origin}/requests/new`);
    await look(page, `request-new-${name}`);
    await page.context().close();
  }
});
