import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const user = (id: number, username: string, role: string) => ({
  id,
  username,
  role,
  language_preference: "ru",
  zone: "UTC",
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
});
const USERS = [user(1, "olga", "owner"), user(2, "anna", "admin")];
const answers = (users: Answer = { body: USERS }) => new Map<string, Answer>([["/api/users", users]]);

test("while the users load it says so", async () => {
  renderPage("/users", answers("never"));
  expect(await screen.findByText("Loading users")).toBeInTheDocument();
});

test("the owner adds a user, and what is wrong stands at the field", async () => {
  const given = answers();
  const message = "the password has 3 characters; at least 8 are needed";
  const short = { field: "password", message, code: "password_short", facts: { bound: 8 } };
  const weak = { code: "weak_password", message, fields: [short], facts: {} };
  given.set("POST /api/users", { status: 400, body: { error: weak } });
  const page = renderPage("/users", given);
  expect(await screen.findByText("olga (you)")).toBeInTheDocument();
  await userEvent.type(await screen.findByLabelText("Username"), "pavel");
  await userEvent.type(screen.getByLabelText("Password", { selector: "input" }), "abc");
  const add = screen.getByRole("button", { name: "Add user" });
  await userEvent.click(add);
  expect(await screen.findByText("At least 8 characters.")).toBeInTheDocument();
  given.set("POST /api/users", { status: 201, body: user(3, "pavel", "read_only") });
  given.set("/api/users", { body: [...USERS, user(3, "pavel", "read_only")] });
  await userEvent.click(add);
  expect(await screen.findByText("User added")).toBeInTheDocument();
  expect(await screen.findByText("pavel")).toBeInTheDocument();
  expect(page.sent.at(-1)?.body).toMatchObject({ username: "pavel", role: "read_only", language_preference: "en" });
});

test("a user is deleted after a question; a refusal of the server is said", async () => {
  const given = answers();
  const error = { code: "forbidden", message: "owner only", fields: [] };
  given.set("DELETE /api/users/2", { status: 403, body: { error } });
  renderPage("/users", given);
  await userEvent.click(await screen.findByRole("button", { name: "Delete user anna" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("Your role does not permit this.");
  expect(screen.queryByRole("button", { name: "Delete user olga" })).not.toBeInTheDocument();
});

test("while a user is being deleted the question stays, says how long it takes, and is not asked twice", async () => {
  const page = renderPage("/users", answers().set("DELETE /api/users/2", "never"));
  await userEvent.click(await screen.findByRole("button", { name: "Delete user anna" }));
  const dialog = await screen.findByRole("dialog");
  const drop = within(dialog).getByRole("button", { name: "Delete" });
  await userEvent.click(drop);
  await userEvent.click(drop);
  await userEvent.keyboard("{Escape}");
  expect(within(dialog).getByRole("button", { name: "Cancel" })).toBeDisabled();
  expect(await within(dialog).findByText("Still working", {}, { timeout: 5000 })).toBeInTheDocument();
  expect(page.sent).toHaveLength(1);
});

test("an administrator sees the users and changes none", async () => {
  renderPage("/users", answers(), { ...OLGA, user_id: 2, role: "admin" });
  expect(await screen.findByText("anna (you)")).toBeInTheDocument();
  expect(screen.getByText("Only the owner can add and delete users.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /^(Add|Delete)/ })).not.toBeInTheDocument();
});

test.each(["/users", "/sites", "/audit", "/backups", "/profiles/new", "/devices/new", "/devices/1/edit"])(
  "%s is nothing for those who only look, and asks the server nothing",
  async (path) => {
    const page = renderPage(path, new Map(), { ...OLGA, role: "read_only" });
    expect(await screen.findByRole("heading", { name: "No access" })).toBeInTheDocument();
    expect(page.asked).toEqual([]);
  },
);
