import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { startI18n } from "@/i18n/i18n.ts";

class QuietObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

startI18n("en");
vi.stubGlobal("ResizeObserver", QuietObserver);

beforeEach(() => {
  localStorage.clear();
});

afterEach(() => {
  cleanup();
});
