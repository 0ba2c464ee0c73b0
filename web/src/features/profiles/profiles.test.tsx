import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ProfileSource } from "@/api/types.ts";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const OWN: ProfileSource = {
  key: "pump",
  is_own: true,
  replaces: false,
  devices: 2,
  problems: [],
  source: "profile: pump\nname: Pump\n",
};
const SHIPPED: ProfileSource = { ...OWN, key: "meter", is_own: false, devices: 0, source: "profile: meter\n" };
const BROKEN: ProfileSource = { ...OWN, key: "old", problems: [{ line: 3, field: "points", message: "missing" }] };
const GOOD = { key: "pump", points: 4, problems: [] };
const BAD = { key: null, points: 0, problems: [{ line: 2, field: "name", message: "must be a text" }] };

const answers = () =>
  new Map<string, Answer>([
    [
      "/api/profiles",
      { body: [{ key: "pump", name: { en: "Pump" }, kind: "meter", maker: "", interval_s: 1, points: 4 }] },
    ],
    ["/api/profiles/files", { body: [SHIPPED, BROKEN, OWN] }],
    ["/api/profiles/files/pump", { body: OWN }],
    ["/api/profiles/files/meter", { body: SHIPPED }],
    ["POST /api/profiles/check", { body: GOOD }],
    ["PUT /api/profiles/files/pump", { body: { ...OWN, source: "profile: pump\nname: Pumps\n" } }],
  ]);

const editor = () => screen.findByRole("textbox", { name: "Profile (YAML)" });

test("all files are listed, and those that cannot be used say so", async () => {
  renderPage("/profiles", answers());
  const list = await screen.findByRole("list", { name: "Profiles" });
  const rows = within(list).getAllByRole("listitem");
  expect(rows[0]).toHaveTextContent("built-in");
  expect(rows[1]).toHaveTextContent("invalid: 1 problem");
  expect(rows[2]).toHaveTextContent("custom");
  expect(within(list).getByRole("link", { name: "Edit profile pump" })).toBeInTheDocument();
  expect(within(list).getByRole("link", { name: "View profile meter" })).toBeInTheDocument();
});

test("a problem stands at its line, leads there, and keeps the text from being saved", async () => {
  const given = answers();
  given.set("POST /api/profiles/check", { body: BAD });
  renderPage("/profiles/pump", given);
  const field = (await editor()) as HTMLTextAreaElement;
  await userEvent.click(await screen.findByRole("button", { name: "Line 2" }));
  expect(field).toHaveFocus();
  expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("name: Pump");
  expect(screen.getByText("must be a text")).toBeInTheDocument();
  expect(screen.getByText("! 2")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
});

test("a good text is saved under its key, and that is said", async () => {
  const page = renderPage("/profiles/pump", answers());
  fireEvent.change(await editor(), { target: { value: "profile: pump\nname: Pumps\n" } });
  await waitFor(() => expect(screen.getByRole("button", { name: "Save" })).toBeEnabled());
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved and in use")).toBeInTheDocument();
  const put = page.sent.find(({ method }) => method === "PUT");
  expect(put).toMatchObject({ url: "/api/profiles/files/pump", body: { source: "profile: pump\nname: Pumps\n" } });
});

test("who leaves with something unsaved is asked first", async () => {
  const page = renderPage("/profiles/pump", answers());
  fireEvent.change(await editor(), { target: { value: "profile: pump\n# more\n" } });
  await userEvent.click(screen.getByRole("link", { name: "Groups" }));
  const dialog = await screen.findByRole("dialog");
  expect(page.router.state.location.pathname).toBe("/profiles/pump");
  await userEvent.click(within(dialog).getByRole("button", { name: "Discard" }));
  await waitFor(() => expect(page.router.state.location.pathname).toBe("/groups"));
});

test("who only looks reads the text and can change nothing", async () => {
  const page = renderPage("/profiles/meter", answers(), { ...OLGA, role: "read_only" });
  expect(await editor()).toHaveAttribute("readonly");
  expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  expect(page.sent).toEqual([]);
});

test("a file of points becomes a profile to look over", async () => {
  renderPage("/profiles/new?from=csv", answers());
  const dialog = await screen.findByRole("dialog");
  const file = new File(["name,address\nFlow,7\n,8\n"], "our pumps.csv", { type: "text/csv" });
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (input) await userEvent.upload(input, file);
  expect(await within(dialog).findByText("1 point found")).toBeInTheDocument();
  expect(within(dialog).getByText("Row 3: name missing")).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole("button", { name: "Create profile" }));
  await waitFor(async () => expect(((await editor()) as HTMLTextAreaElement).value).toContain("profile: our-pumps"));
});

test("loading and failing are said", async () => {
  const given = answers();
  given.set("/api/profiles/files", "never");
  const first = renderPage("/profiles", given);
  expect(await screen.findByText("Loading profiles")).toBeInTheDocument();
  first.unmount();
  given.set("/api/profiles/files/pump", "unreachable");
  renderPage("/profiles/pump", given);
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
});
