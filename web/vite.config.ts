import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env["STRIPCHART_URL"] ?? "http://127.0.0.1:8080";
const proxy = { "/api": { target: server, changeOrigin: true } };

const PAGE = "../src/stripchart/web_dist";

/** The API's documentation page comes with its viewer: a plant has no internet to load one from. */
function apiDocs(): Plugin {
  return {
    name: "api-docs",
    apply: "build",
    closeBundle() {
      for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
        copyFileSync(`node_modules/swagger-ui-dist/${file}`, `${PAGE}/api-docs/${file}`);
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), apiDocs()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: PAGE,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 800,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 15_000,
    // happy-dom lays nothing out, so nothing in an open menu seems to take the focus; the warning prints the whole page.
    onConsoleLog: (log) => !log.includes("[@mantine/hooks/use-focus-trap]"),
  },
});
