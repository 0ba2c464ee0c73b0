import { useSyncExternalStore } from "react";

type Contrast = "usual" | "high";

const STORAGE_KEY = "stripchart-contrast";
const ATTRIBUTE = "data-contrast";
const listeners = new Set<() => void>();

/** Set before the first paint by what was chosen, else by what the system asks for. */
const contrast = (): Contrast => (document.documentElement.getAttribute(ATTRIBUTE) === "high" ? "high" : "usual");

export function chooseContrast(chosen: Contrast) {
  document.documentElement.setAttribute(ATTRIBUTE, chosen);
  try {
    localStorage.setItem(STORAGE_KEY, chosen);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useContrast(): Contrast {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, contrast);
}
