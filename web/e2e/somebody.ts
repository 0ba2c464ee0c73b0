import type { APIRequestContext, Browser } from "@playwright/test";

const PASSWORD = "Turbine7turbine";

interface UserFact {
  id: number;
}

/** Somebody with a role, in a browser of their own that signed in with a password; gone again afterwards. */
export async function as(
  { request, browser }: { request: APIRequestContext; browser: Browser },
  role: "admin" | "read_only",
  language: string,
) {
  const username = `${role}-${Date.now()}`;
  const data = { username, password: PASSWORD, role, language_preference: language };
  const { id } = (await (await request.post("/api/users", { data })).json()) as UserFact;
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  const leave = async () => {
    await context.close();
    await request.delete(`/api/users/${id}`);
  };
  return { page, leave };
}
