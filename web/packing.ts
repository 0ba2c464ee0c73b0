import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const STYLES = "node_modules/@mantine/core/styles";
const EVERYWHERE = ["default-css-variables", "baseline", "global"];
const FEWEST_BYTES = 1000;

/** The styles of those of Mantine's components that are used, each with the page that needs it. */
export function mantineStyles(): Plugin {
  return {
    name: "mantine-styles",
    apply: "build",
    enforce: "pre",
    load(id) {
      if (!id.endsWith("/@mantine/core/styles.layer.css")) return null;
      return EVERYWHERE.map((name) => readFileSync(`${STYLES}/${name}.layer.css`, "utf8")).join("\n");
    },
    transform(code, id) {
      const name = /\/@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/.exec(id)?.[1];
      if (!name || !existsSync(`${STYLES}/${name}.layer.css`)) return null;
      return { code: `import "@mantine/core/styles/${name}.layer.css";\n${code}`, map: null };
    },
  };
}

/** The API's documentation page comes with its viewer: a plant has no internet to load one from. */
export function apiDocs(page: string): Plugin {
  return {
    name: "api-docs",
    apply: "build",
    closeBundle() {
      for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
        copyFileSync(`node_modules/swagger-ui-dist/${file}`, `${page}/api-docs/${file}`);
      }
    },
  };
}

async function pack(path: string) {
  const bytes = readFileSync(path);
  if (bytes.length < FEWEST_BYTES) return;
  const best = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: best }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gz);
}

/** Beside each script and style sheet lies what the server sends of it, as small as it gets. */
export function packed(page: string): Plugin {
  return {
    name: "packed",
    apply: "build",
    closeBundle: {
      sequential: true,
      order: "post",
      async handler() {
        const files = readdirSync(page, { recursive: true, encoding: "utf8" });
        const wanted = files.filter((name) => /\.(js|css)$/.test(name));
        await Promise.all(wanted.map((name) => pack(join(page, name))));
      },
    },
  };
}
