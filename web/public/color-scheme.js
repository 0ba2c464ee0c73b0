// Runs before the first paint, so that a dark page never flashes white.
(() => {
  let scheme = "auto";
  let contrast = "auto";
  try {
    scheme = localStorage.getItem("stripchart-color-scheme") || "auto";
    contrast = localStorage.getItem("stripchart-contrast") || "auto";
  } catch {
    // A browser may forbid storage: then the page follows the system.
  }
  const dark = scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  const high = contrast === "high" || (contrast !== "usual" && matchMedia("(prefers-contrast: more)").matches);
  document.documentElement.setAttribute("data-contrast", high ? "high" : "usual");
})();
