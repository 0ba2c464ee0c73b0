import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, beforeEach, vi } from "vitest";
import { startI18n } from "@/i18n/i18n.ts";

class QuietObserver {
  observe(_target?: Element) {}
  unobserve() {}
  disconnect() {}
}

/** Everything is in view at once. */
class AllSeeingObserver extends QuietObserver {
  readonly #tell: (entries: { target: Element; isIntersecting: boolean }[]) => void;

  constructor(tell: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
    super();
    this.#tell = tell;
  }

  override observe(target?: Element) {
    if (target) this.#tell([{ target, isIntersecting: true }]);
  }
}

// Test files share the document and the page's modules: what one left behind is put back before the next.
vi.useRealTimers();
vi.unstubAllGlobals();
document.documentElement.removeAttribute("data-contrast");

// On a busy machine a page takes its time; what never comes fails all the same.
configure({ asyncUtilTimeout: 5000 });
startI18n("en");
vi.stubGlobal("ResizeObserver", QuietObserver);
vi.stubGlobal("IntersectionObserver", AllSeeingObserver);

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await i18next.changeLanguage("en");
});

afterEach(() => {
  cleanup();
});
