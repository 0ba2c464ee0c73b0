import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { expect, test } from "vitest";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const GRAFANA = {
  id: 7,
  name: "Grafana",
  kind: "api",
  role: "read_only",
  hint: "sc_abcd",
  created_at: "2026-11-01T00:00:00Z",
  expires_at: null,
};

const refusal = (status: number, code: string, message: string, field?: string): Answer => ({
  status,
  body: { error: { code, message, fields: field ? [{ field, message }] : [] } },
});

const answers = (tokens: Answer = { body: [GRAFANA] }) => new Map<string, Answer>([["/api/tokens", tokens]]);
const field = (name: string) => screen.findByLabelText(name, { selector: "input" });

test("while the tokens load it says so, and what fails can be tried again", async () => {
  const given = answers("unreachable");
  renderPage("/account", given);
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
  given.set("/api/tokens", { body: [] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No tokens yet.")).toBeInTheDocument();
});

test("a new language is spoken at once, and kept with the account", async () => {
  const given = answers().set("/api/auth/me", { body: { ...OLGA, language: "ru", is_session: true } });
  const page = renderPage("/account", given);
  await userEvent.click(await screen.findByRole("combobox", { name: "Language" }));
  await userEvent.click(await screen.findByRole("option", { name: "Русский", hidden: true }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("heading", { name: "Учётная запись" })).toBeInTheDocument();
  expect(page.sent).toEqual([
    { method: "PUT", url: "/api/auth/me", body: { username: "olga", language: "ru", zone: "" } },
  ]);
  await i18next.changeLanguage("en");
});

test("what the server says about a field stands at the field", async () => {
  const given = answers().set("/api/auth/me", refusal(409, "duplicate", "username: taken", "username"));
  renderPage("/account", given);
  await userEvent.click(await screen.findByRole("button", { name: "Save" }));
  expect(await field("Username")).toHaveAccessibleDescription(/Taken/);
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  await userEvent.type(await field("Username"), "2");
  expect(screen.queryByText("Taken")).not.toBeInTheDocument();
});

test("a password that differs, is wrong or is weak is told where it was typed, and the session goes on", async () => {
  const given = answers().set("/api/auth/change-password", refusal(401, "wrong_credentials", "wrong"));
  const page = renderPage("/account", given);
  await userEvent.type(await field("Current password"), "Turbine7");
  await userEvent.type(await field("New password"), "short");
  await userEvent.type(await field("Repeat new password"), "other");
  const change = screen.getByRole("button", { name: "Change password" });
  await userEvent.click(change);
  expect(await screen.findByText("The passwords do not match.")).toBeInTheDocument();
  expect(page.sent).toEqual([]);
  await userEvent.clear(await field("Repeat new password"));
  await userEvent.type(await field("Repeat new password"), "short");
  await userEvent.click(change);
  expect(await screen.findByText("The current password is incorrect.")).toBeInTheDocument();
  expect(page.sent).toHaveLength(1);
  given.set("/api/auth/change-password", refusal(400, "weak_password", "the password is short", "password"));
  await userEvent.click(change);
  expect(await screen.findByText("The password is short")).toBeInTheDocument();
  given.set("/api/auth/change-password", { status: 204, body: null });
  await userEvent.click(change);
  expect(await screen.findByText("Password changed")).toBeInTheDocument();
  expect(await field("New password")).toHaveValue("");
});

test("a token is made, shown once, and deleted after a question", async () => {
  const given = answers({ body: [] });
  const page = renderPage("/account", given);
  await userEvent.click(await screen.findByRole("button", { name: "Create token" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Name"), "Grafana");
  given.set("POST /api/tokens", { status: 201, body: { ...GRAFANA, token: "sc_abcdefgh" } });
  given.set("/api/tokens", { body: [GRAFANA] });
  await userEvent.click(within(dialog).getByRole("button", { name: "Create token" }));
  expect(await screen.findByDisplayValue("sc_abcdefgh")).toBeInTheDocument();
  expect(page.sent[0]?.body).toEqual({ name: "Grafana", kind: "api", role: "read_only", days: 90 });
  await userEvent.click(screen.getByRole("button", { name: "I have copied it" }));
  expect(screen.queryByDisplayValue("sc_abcdefgh")).not.toBeInTheDocument();
  await userEvent.click(await screen.findByRole("button", { name: "Delete token Grafana" }));
  given.set("DELETE /api/tokens/7", { status: 204, body: null }).set("/api/tokens", { body: [] });
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(page.sent.at(-1)).toMatchObject({ method: "DELETE", url: "/api/tokens/7" }));
  expect(await screen.findByText("No tokens yet.")).toBeInTheDocument();
});

test("nobody can give a token more than the own role", async () => {
  renderPage("/account", answers(), { ...OLGA, role: "read_only" });
  await userEvent.click(await screen.findByRole("button", { name: "Create token" }));
  await userEvent.click(await screen.findByRole("combobox", { name: "Role" }));
  expect(await screen.findByRole("option", { name: "Read-only", hidden: true })).toBeInTheDocument();
  expect(screen.queryByRole("option", { name: /Owner|Administrator/, hidden: true })).not.toBeInTheDocument();
});
