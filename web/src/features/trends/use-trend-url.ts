import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type PointRef, parseRef, refText } from "@/lib/trend-link.ts";
import { COMPARISONS, type Comparison } from "./queries.ts";
import { rangeFromUrl, rangeToUrl, type TimeRange } from "./time-range.ts";

/** What is looked at lives in the address, so that a trend can be kept, sent, and left with the back button. */
export function useTrendUrl() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const pointTexts = [...new Set(params.getAll("point"))].join("\n");
  // The same points stay the same whatever else changes in the address: the chart is made anew with its points.
  const refs = useMemo(
    () =>
      pointTexts
        .split("\n")
        .map(parseRef)
        .filter((ref) => ref !== null),
    [pointTexts],
  );
  return useMemo(() => {
    const query = new URLSearchParams(search);
    const texts = pointTexts === "" ? [] : pointTexts.split("\n");
    const range = rangeFromUrl(query.get("range"));
    const comparison = COMPARISONS.find((one) => one === query.get("compare")) ?? null;
    const showsLimits = query.get("limits") !== "off";
    const write = (change: (changed: URLSearchParams) => void, replace: boolean) => {
      const changed = new URLSearchParams(search);
      change(changed);
      changed.set("range", changed.get("range") ?? rangeToUrl(range));
      setParams(changed, { replace, preventScrollReset: true });
    };
    const set = (name: string, value: string | null) =>
      write((changed) => (value === null ? changed.delete(name) : changed.set(name, value)), true);
    return {
      refs,
      range,
      comparison,
      showsLimits,
      setRange: (next: TimeRange) => write((changed) => changed.set("range", rangeToUrl(next)), false),
      setComparison: (next: Comparison | null) => set("compare", next),
      setShowsLimits: (next: boolean) => set("limits", next ? null : "off"),
      toggle: (ref: PointRef) =>
        write((changed) => {
          const text = refText(ref);
          const others = texts.filter((one) => one !== text);
          changed.delete("point");
          changed.delete("range");
          for (const one of others.length < texts.length ? others : [...texts, text]) changed.append("point", one);
          changed.set("range", rangeToUrl(range));
        }, true),
    };
  }, [search, pointTexts, refs, setParams]);
}

export type TrendUrl = ReturnType<typeof useTrendUrl>;
