const LIGHT = ["#1f4fbf", "#b8430b", "#0f766e", "#8a2be2", "#b8232a", "#4d7c0f", "#be185d", "#475569"] as const;
const DARK = ["#8caaee", "#f59e6b", "#4fd1b5", "#c79bf7", "#ff8078", "#b3d465", "#f48fb8", "#aab6c4"] as const;

export type Scheme = "light" | "dark";

/** The colour of the n-th series. Its number, at the end of the line and in the table, tells it apart without colour. */
export function seriesColor(index: number, scheme: Scheme): string {
  const colors = scheme === "dark" ? DARK : LIGHT;
  return colors[index % colors.length] ?? colors[0];
}

/** Series beyond the number of colours are dotted lines. */
export function seriesDash(index: number): number[] {
  return index < LIGHT.length ? [] : [1, 3];
}

const CHART_INK = {
  light: {
    text: "#56616d",
    line: "#e7eaee",
    axis: "#c7cdd5",
    card: "#ffffff",
    ink: "#12181f",
    warning: "#8f5400",
    critical: "#b8232a",
  },
  dark: {
    text: "#98a4b0",
    line: "#232a32",
    axis: "#3a434e",
    card: "#161b21",
    ink: "#e8ecf0",
    warning: "#e0a545",
    critical: "#ff8078",
  },
} as const;

/** The colours of scales and letters; stronger ones where high contrast is chosen. */
export function chartInk(scheme: Scheme) {
  const ink = CHART_INK[scheme];
  const wantsMore = document.documentElement.dataset["contrast"] === "high";
  return wantsMore ? { ...ink, text: ink.ink, axis: ink.text, line: ink.axis } : ink;
}
