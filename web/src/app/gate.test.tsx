import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const refusal = (status: number, code: string, message = code): Answer => ({
  status,
  body: { error: { code, message, fields: [] } },
});
const SIGNED_IN: Answer = {
  body: { access_token: "token", token_type: "bearer", refresh_token: null, user: OLGA },
};

function answers(needed = false) {
  return new Map<string, Answer>([
    ["/api/auth/refresh", refusal(401, "invalid_token")],
    ["/api/auth/setup", { body: { needed } }],
    ["/api/sites", { body: [] }],
    ["/api/devices", { body: [] }],
  ]);
}

const field = (name: string) => screen.getByLabelText(name, { selector: "input" });
const overview = () => screen.findByRole("heading", { name: "No devices yet" });

test("while it is not known who looks, nothing of the plant is asked for", () => {
  const { asked } = renderPage("/", new Map<string, Answer>([["/api/auth/refresh", "never"]]), null);
  expect(screen.getByLabelText("Please wait")).toBeInTheDocument();
  expect(asked).toEqual(["/api/auth/refresh"]);
});

test("who was signed in before sees the page at once", async () => {
  renderPage("/", answers().set("/api/auth/refresh", SIGNED_IN), null);
  expect(await overview()).toBeInTheDocument();
});

test("others sign in, and find the page they wanted", async () => {
  const given = answers();
  const { router } = renderPage("/trends?range=1d", given, null);
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
  given.set("/api/auth/login", SIGNED_IN);
  await userEvent.type(field("Username"), "olga");
  await userEvent.type(field("Password"), "Turbine7");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Sign in" })).not.toBeInTheDocument());
  expect(router.state.location.pathname + router.state.location.search).toBe("/trends?range=1d");
});

test("a wrong password and too many attempts are told in words", async () => {
  const given = answers().set("/api/auth/login", refusal(401, "wrong_credentials"));
  renderPage("/", given, null);
  await screen.findByRole("heading", { name: "Sign in" });
  await userEvent.type(field("Username"), "olga");
  await userEvent.type(field("Password"), "wrong");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Incorrect username or password.");
  given.set("/api/auth/login", refusal(429, "too_many_attempts"));
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("Too many attempts"));
});

test("a server that does not answer is said, and asked again on demand", async () => {
  const given = answers().set("/api/auth/refresh", "unreachable");
  renderPage("/", given, null);
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
  given.set("/api/auth/refresh", SIGNED_IN);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await overview()).toBeInTheDocument();
});

test("the first start makes the owner with the link, and shows the page", async () => {
  const given = answers(true).set("/api/auth/setup", { body: { needed: true } });
  const { router } = renderPage("/setup#secret", given, null);
  expect(await screen.findByRole("heading", { name: "Create the owner account" })).toBeInTheDocument();
  await userEvent.type(field("Username"), "olga");
  await userEvent.type(field("Password"), "Turbine7");
  await userEvent.type(field("Repeat password"), "Turbine8");
  await userEvent.click(screen.getByRole("button", { name: "Create account" }));
  expect(screen.getByRole("alert")).toHaveTextContent("The passwords do not match.");
  await userEvent.clear(field("Repeat password"));
  await userEvent.type(field("Repeat password"), "Turbine7");
  given.set("/api/auth/setup", SIGNED_IN);
  await userEvent.click(screen.getByRole("button", { name: "Create account" }));
  expect(await overview()).toBeInTheDocument();
  expect([router.state.location.pathname, router.state.location.hash]).toEqual(["/", ""]);
});

test("without the link it is asked for what stands in it", async () => {
  renderPage("/", answers(true), null);
  await screen.findByRole("heading", { name: "Create the owner account" });
  expect(field("Set-up code")).toBeInTheDocument();
});

test("signing out leads to signing in, and shows nothing of what was there", async () => {
  const given = answers().set("/api/auth/logout", { status: 204, body: null });
  renderPage("/", given);
  await overview();
  await userEvent.click(screen.getByRole("button", { name: "Account" }));
  expect(await screen.findByText("olga · Owner")).toBeInTheDocument();
  await userEvent.click(await screen.findByText("Sign out"));
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
  expect(screen.queryByRole("navigation")).not.toBeInTheDocument();
});
