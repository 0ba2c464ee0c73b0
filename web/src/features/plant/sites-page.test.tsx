import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { SITE } from "@/testing/plant.ts";
import { type Answer, renderPage } from "@/testing/render-page.tsx";

const EMPTY = { ...SITE, id: 2, code: "YKZ", name: "South", device_count: 0 };
const answers = (sites: Answer = { body: [SITE, EMPTY] }) => new Map<string, Answer>([["/api/sites", sites]]);

test("without sites it says what one is", async () => {
  renderPage("/sites", answers({ body: [] }));
  expect(await screen.findByRole("heading", { name: "No sites yet" })).toBeInTheDocument();
});

test("a site that fails to load can be tried again", async () => {
  renderPage("/sites", answers("unreachable"));
  expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
});

test("a site is renamed; a code that is taken is told at the code", async () => {
  const message = "code: 'YKZ' is taken";
  const error = { code: "duplicate", message, fields: [{ field: "code", message, code: "taken", facts: {} }] };
  const given = answers().set("PUT /api/sites/1", { status: 409, body: { error } });
  const page = renderPage("/sites", given);
  await userEvent.click(await screen.findByRole("button", { name: "Edit site North" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Name"), "ern");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(within(dialog).getByLabelText("Code")).toHaveAccessibleDescription(/Already in use/));
  given.set("PUT /api/sites/1", { body: { ...SITE, name: "Northern" } });
  await userEvent.clear(within(dialog).getByLabelText("Time zone"));
  await userEvent.type(within(dialog).getByLabelText("Time zone"), "Asia/Tokyo");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(page.sent.at(-1)?.body).toMatchObject({ code: "MKZ", name: "Northern", zone: "Asia/Tokyo" });
});

test("only a site without devices can be deleted, after a question", async () => {
  const given = answers().set("DELETE /api/sites/2", { status: 204, body: null });
  const page = renderPage("/sites", given);
  expect(await screen.findByRole("button", { name: "Delete site North" })).toBeDisabled();
  await userEvent.click(screen.getByRole("button", { name: "Delete site South" }));
  given.set("/api/sites", { body: [SITE] });
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByText("South")).not.toBeInTheDocument());
  expect(page.sent).toHaveLength(1);
});
