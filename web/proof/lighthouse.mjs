// make lighthouse: what Lighthouse says of the pages that are opened most; 95 or more is wanted. Fails below.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { ARGUMENTS, CHROMIUM, signIn, withDemo } from "./demo.mjs";

const LIGHTHOUSE = "lighthouse@12.8.2";
const WANTED = 95;
const CATEGORIES = ["performance", "accessibility"];
const PAGES = ["/", "/devices/2", "/trends?point=2.power_total&range=15m", "/groups", "/health"];

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The scores of a page, of 100. The page streams for ever, so that it is not waited for until it is quiet. */
function scoresOf(url, port, folder) {
  const report = join(folder, "report.json");
  const options = [
    `--port=${port}`,
    "--preset=desktop",
    "--disable-storage-reset",
    "--max-wait-for-load=15000",
    "--output=json",
    `--output-path=${report}`,
    `--only-categories=${CATEGORIES.join(",")}`,
  ];
  const ran = spawnSync("npm", ["exec", "--yes", `--package=${LIGHTHOUSE}`, "--", "lighthouse", url, ...options], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (ran.status !== 0) throw new Error(`Lighthouse failed on ${url}`);
  const { categories, audits } = JSON.parse(readFileSync(report, "utf8"));
  const scores = CATEGORIES.map((name) => Math.round(100 * categories[name].score));
  return {
    scores,
    paint: audits["first-contentful-paint"].displayValue,
    size: audits["total-byte-weight"].displayValue,
  };
}

const port = await freePort();
const folder = mkdtempSync(join(tmpdir(), "lighthouse-"));
let isGood = true;
await withDemo(async (link) => {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    args: [...ARGUMENTS, `--remote-debugging-port=${port}`],
  });
  try {
    await signIn(context, link);
    for (const path of PAGES) {
      const { scores, paint, size } = scoresOf(link.origin + path, port, folder);
      isGood &&= scores.every((score) => score >= WANTED);
      const told = CATEGORIES.map((name, place) => `${name} ${scores[place]}`).join(", ");
      console.log(`${path}: ${told} (wanted: ${WANTED}); first paint ${paint}; ${size}`);
    }
  } finally {
    await context.close();
  }
});
rmSync(folder, { recursive: true, force: true });
process.exit(isGood ? 0 : 1);
