import { test as base } from "@playwright/test";
import { Wire } from "./wire.ts";

/** The demo's address, and the secret of the link with which it lets somebody in. */
const link = new URL(process.env["STRIPCHART_URL"] ?? "http://127.0.0.1:8080/welcome");
export const SECRET = link.hash.slice(1);

interface SignedIn {
  access_token: string;
}

interface Fixtures {
  /** The way to the server that a page takes which is opened at its origin. */
  wire: Wire;
}

/** Tests whose browser and whose requests are signed in, each with a session of its own. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
  wire: async ({}, use) => {
    const wire = new Wire(link);
    await wire.mend();
    await use(wire);
    await wire.cut();
  },
  context: async ({ context }, use) => {
    await context.request.post("/api/auth/link", { data: { secret: SECRET } });
    await use(context);
  },
  request: async ({ playwright, baseURL }, use) => {
    const own = await playwright.request.newContext({ ...(baseURL && { baseURL }) });
    const { access_token } = (await (
      await own.post("/api/auth/link", { data: { secret: SECRET } })
    ).json()) as SignedIn;
    const signedIn = await playwright.request.newContext({
      ...(baseURL && { baseURL }),
      extraHTTPHeaders: { Authorization: `Bearer ${access_token}` },
    });
    await use(signedIn);
    await Promise.all([own.dispose(), signedIn.dispose()]);
  },
});
