// A demo plant for a while: its own data folder, free ports, gone again at the end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const STRIPCHART = fileURLToPath(new URL("../../.venv/bin/stripchart", import.meta.url));

/** The link that signs in, once every device answers and the past is written. */
async function linkOf(program, historyDays) {
  const last = historyDays > 0 ? "of a simulated past written" : "are live";
  let link = null;
  for await (const line of createInterface({ input: program.stdout })) {
    link ??= /http:\S+/.exec(line)?.[0] ?? null;
    if (link && line.includes(last)) return link;
  }
  throw new Error("the demo ended before its plant was live");
}

/** Runs `use` with the demo's link, and with what does a command of its plant: `fault G4 mute`. */
export async function withDemo(use, { historyDays = 0 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "stripchart-"));
  const options = ["demo", "--port", "0", "--plant-port", "0", "--data-dir", folder, "--history", `${historyDays}`];
  const program = spawn(STRIPCHART, options, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const link = await linkOf(program, historyDays);
    program.stdout.resume();
    return await use(new URL(link), (command) => program.stdin.write(`${command}\n`));
  } finally {
    program.kill("SIGINT");
    await once(program, "exit");
    await rm(folder, { recursive: true, force: true });
  }
}

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

/** Sign a browser's context in, as the demo's link would. */
export async function signIn(context, link) {
  const answer = await context.request.post(`${link.origin}/api/auth/link`, { data: { secret: link.hash.slice(1) } });
  if (!answer.ok()) throw new Error(`the demo's link does not sign in: ${answer.status()}`);
}
