import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderPage } from "@/testing/render-page.tsx";

test("an address that leads nowhere says so, and leads back", () => {
  renderPage("/no/such/page", new Map());
  expect(screen.getByRole("heading", { name: "Page not found" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Go to overview" })).toHaveAttribute("href", "/");
});
