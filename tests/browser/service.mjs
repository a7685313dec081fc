// A service in a folder of its own, and the people who use it.

import { spawn, execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
export const artifacts = process.env.BRIGHTLINE_SCREENSHOTS ?? join(root, "target/screenshots");
const program = process.env.BRIGHTLINE_PROGRAM ?? join(root, "target/debug/brightline-office");
export const password = "correct horse battery";

/** Starts a service; `link` makes its first administrator. */
export async function start() {
  const folder = mkdtempSync(join(tmpdir(), "brightline-browser-"));
  const data = join(folder, "data");
  const running = await run(data);
  const origin = new URL(running.link).origin;
  const stop = async () => {
    await running.end();
    rmSync(folder, { recursive: true });
  };
  return { origin, link: running.link, data, stop, invite: (...words) => invite(data, origin, words) };
}

/** Runs the program on a folder until it says how the first administrator is made. */
async function run(data) {
  const words = ["serve", "--data", data, "--address", "127.0.0.1:0", "--log", "warn"];
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  const link = await new Promise((done, fail) => {
    child.once("exit", (code) => fail(new Error(`the service ended with ${code}: ${text}`)));
    child.stdout.on("data", (bytes) => {
      text += bytes;
      const link = /http:\/\/127\.0\.0\.1:\d+\/set-up\/\S+/.exec(text);
      if (link) done(link[0]);
    });
  });
  const end = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  };
  return { link, end };
}

/** Makes a link for somebody, as an administrator does at the command line. */
function invite(data, origin, words) {
  const made = execFileSync(program, ["user", "add", ...words, "--data", data]).toString();
  const link = /\/set-up\/\S+/.exec(made);
  if (!link) throw new Error(`no link in: ${made}`);
  return origin + link[0];
}

/** The code that an authenticator shows; each is good once, so that later ones look ahead. */
export function code(seed, ahead = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...seed.replace(/[\s=]/g, "")].map((letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g).map((byte) => Number.parseInt(byte, 2));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac("sha1", Buffer.from(bytes)).update(time).digest();
  const at = hash[19] & 15;
  const number = (hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000;
  return number.toString().padStart(6, "0");
}
