/**
 * Imports point one way: lib <- i18n <- api <- components <- live <- features <- app.
 * A folder may import what stands before it in this list, and itself.
 */
const layers = ["lib", "i18n", "api", "components", "live", "features", "app"];

const upward = layers.map((layer, index) => ({
  name: `${layer}-imports-downward`,
  severity: "error",
  from: { path: `^src/${layer}/`, pathNot: "\\.test\\.tsx?$" },
  to: { path: `^src/(${[...layers.slice(index + 1), "testing"].join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: "features-stand-alone",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/([^/]+)/", pathNot: "^src/features/$1/" },
    },
    {
      name: "charts-stay-behind-one-border",
      severity: "error",
      from: { pathNot: "^src/features/trends/plot.ts$" },
      to: { path: "node_modules/uplot/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "live-store-knows-no-react",
      severity: "error",
      from: { path: "^src/(lib/.*\\.ts|live/(live-store|stream|ticker)\\.ts)$" },
      to: { path: "node_modules/react" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-orphans", severity: "error", from: { orphan: true, pathNot: "\\.d\\.ts$" }, to: {} },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "module", "types", "default"] },
  },
};
