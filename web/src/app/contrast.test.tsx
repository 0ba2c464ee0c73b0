import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderPage } from "@/testing/render-page.tsx";

test("high contrast is chosen, kept, and taken back", async () => {
  renderPage("/no/such/page", new Map());
  const toggle = async () => {
    await userEvent.click(screen.getByRole("button", { name: "Appearance" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "High contrast", hidden: true }));
  };
  await toggle();
  expect(document.documentElement).toHaveAttribute("data-contrast", "high");
  expect(localStorage.getItem("stripchart-contrast")).toBe("high");
  await toggle();
  expect(document.documentElement).toHaveAttribute("data-contrast", "usual");
});
