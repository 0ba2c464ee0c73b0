import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type PointRef, parseRef, refText } from "@/lib/trend-link.ts";
import { rangeFromUrl, rangeToUrl, type TimeRange } from "./time-range.ts";

/** What is looked at lives in the address, so that a trend can be kept, sent, and left with the back button. */
export function useTrendUrl() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  return useMemo(() => {
    const query = new URLSearchParams(search);
    const texts = [...new Set(query.getAll("point"))];
    const refs = texts.map(parseRef).filter((ref) => ref !== null);
    const range = rangeFromUrl(query.get("range"));
    const write = (points: readonly PointRef[], next: TimeRange, replace: boolean) => {
      const changed = new URLSearchParams(points.map((ref) => ["point", refText(ref)]));
      changed.set("range", rangeToUrl(next));
      setParams(changed, { replace, preventScrollReset: true });
    };
    return {
      refs,
      range,
      setRange: (next: TimeRange) => write(refs, next, false),
      toggle: (ref: PointRef) => {
        const others = refs.filter((one) => refText(one) !== refText(ref));
        write(others.length < refs.length ? others : [...refs, ref], range, true);
      },
    };
  }, [search, setParams]);
}
