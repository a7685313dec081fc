// What is asked of every page: nothing that axe finds, one heading, no sideways scroll, silence.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { artifacts } from "./service.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
/** The most that one page may weigh, compressed, with style and script. */
const BYTES_MAX = 100 * 1024;
/**
 * The latest first paint. The aim is 200 ms on a machine at rest; programs are tested unoptimized
 * here, with another at work beside them, so that only a page that is slow by itself is caught.
 */
const PAINT_MS_MAX = 5_000;
/** What is painted stays where it is. */
const SHIFT_MAX = 0.001;

/** What was measured of each page, by the name of its picture. */
const figures = new Map();

/** Starts the browser. */
export function open() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: flags });
}

/** Opens a window that fails on every error of the console and every request to elsewhere. */
export async function window(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    // A refused form answers 4xx, which the console calls an error; the pages are looked at below.
    const is_answer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !is_answer) page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) page.faults.push(`request to ${request.url()}`);
  });
  return page;
}

/** Looks at the page that is open; keeps pictures of it. */
export async function look(page, name) {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
  assert.deepEqual(page.faults, [], name);
  assert.equal(await page.locator("h1").count(), 1, `${name}: one heading`);
  await measured(page, name);
  await checked(page, name);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.screenshot({ path: join(artifacts, `${name}-320.png`), fullPage: true });
  assert.ok(wide <= 320, `${name}: ${wide} px wide in a window of 320 px`);
  await checked(page, `${name}-320`);
  await page.setViewportSize(size);
}

async function checked(page, name) {
  // The devtools protocol is not bound by the page's policy, which forbids foreign scripts.
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags }), tags);
  const faults = found.violations.map((it) => {
    const places = it.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
    return `${it.id}: ${it.help}\n  ${places.join("\n  ")}`;
  });
  assert.deepEqual(faults, [], name);
}

/** Prints the page that is open, and keeps that; returns how many sheets it needs. */
export async function printed(page, name) {
  const path = join(artifacts, `${name}.pdf`);
  const bytes = await page.pdf({ path, format: "Letter", preferCSSPageSize: true });
  return (bytes.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
}

/** Weighs a page with its style and script, compressed; measures its first paint and its shifts. */
async function measured(page, name) {
  const { parts, ...times } = await page.evaluate(async () => {
    const observed = (type) =>
      new Promise((done) => {
        const observer = new PerformanceObserver((list) => done(list.getEntries()));
        observer.observe({ type, buffered: true });
        setTimeout(() => done([]), 50);
      });
    const [visit] = performance.getEntriesByType("navigation");
    // Where a test has stopped the clock, nothing can be measured.
    if (!visit) return { parts: [] };
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const shifts = (await observed("layout-shift")).filter((it) => !it.hadRecentInput);
    const loaded = performance.getEntriesByType("resource").map((it) => it.name);
    const kept = loaded.filter((it) => /\.(css|js|svg)$/.test(new URL(it).pathname));
    const texts = await Promise.all([...new Set(kept)].map((it) => fetch(it)));
    const parts = await Promise.all(texts.map((it) => it.text()));
    return {
      parts: [document.documentElement.outerHTML, ...parts],
      server: visit.responseStart - visit.requestStart,
      // A form that was sent before is an act of its own.
      paint: paint.startTime - visit.fetchStart,
      shift: shifts.reduce((sum, it) => sum + it.value, 0),
      moved: shifts.flatMap((it) => it.sources).map((it) => it.node?.outerHTML?.slice(0, 80)),
    };
  });
  if (!parts.length) return;
  const bytes = parts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  figures.set(name, { bytes, ...times });
  assert.ok(bytes <= BYTES_MAX, `${name}: ${bytes} bytes`);
  assert.ok(times.paint <= PAINT_MS_MAX, `${name}: first paint after ${times.paint} ms`);
  assert.ok(times.shift <= SHIFT_MAX, `${name}: what was painted moved by ${times.shift}: ${times.moved}`);
}

/** Prints what was measured of every page, the slowest first. */
export function table() {
  const rows = [...figures].sort((one, other) => other[1].paint - one[1].paint);
  const line = ([page, { bytes, server, paint, shift }]) => ({
    page,
    "KB compressed": Number((bytes / 1024).toFixed(1)),
    "first byte, ms": Math.round(server),
    "first paint, ms": Math.round(paint),
    "layout shift": Number(shift.toFixed(4)),
  });
  console.table(rows.map(line));
}
