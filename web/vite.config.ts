import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { apiDocs, mantineStyles, packed } from "./packing.ts";

const server = process.env["STRIPCHART_URL"] ?? "http://127.0.0.1:8080";
const proxy = { "/api": { target: server, changeOrigin: true } };

const PAGE = "../src/stripchart/web_dist";

/** What every page needs comes in few files: the libraries, which seldom change, and our own. */
const FIRST_LOAD = [
  { name: "libraries", tags: ["$initial" as const], test: /node_modules/, priority: 2 },
  { name: "start", tags: ["$initial" as const], priority: 1 },
];

const SOURCES = fileURLToPath(new URL("./src", import.meta.url));
const TESTS = "src/**/*.test.{ts,tsx}";

/** Test files that put something else in place of a module of ours: each needs modules of its own. */
function replacingModules(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const tests = files.filter((file) => /\.test\.tsx?$/.test(file));
  return tests
    .filter((file) => readFileSync(`${SOURCES}/${file}`, "utf8").includes("vi.mock("))
    .map((file) => `src/${file}`);
}

const ALONE = replacingModules();

export default defineConfig({
  plugins: [react(), mantineStyles(), apiDocs(PAGE), packed(PAGE)],
  resolve: { alias: { "@": SOURCES } },
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: PAGE,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 800,
    rolldownOptions: { output: { codeSplitting: { groups: FIRST_LOAD } } },
  },
  test: {
    environment: "happy-dom",
    maxWorkers: "100%",
    projects: [
      // The page's modules and the document are made once for each worker: that is most of what a file takes.
      { extends: true, test: { name: "together", include: [TESTS], exclude: ALONE, isolate: false } },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 15_000,
    // happy-dom lays nothing out, so nothing in an open menu seems to take the focus; the warning prints the whole page.
    onConsoleLog: (log) => !log.includes("[@mantine/hooks/use-focus-trap]"),
  },
});
