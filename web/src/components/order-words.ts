import type { Controls, DeviceDetail, OrderRecord } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";
import { causeOfFacts } from "./cause-words.ts";

/** Why an order did not go as wanted, in the reader's language where the page knows the code; `points` have its names. */
export function reasonWords(
  points: DeviceDetail["points"],
  { code, facts, message }: Pick<OrderRecord, "code" | "facts" | "message">,
  words: Words,
): string {
  const { t, text, line, span } = words;
  const cause = causeOfFacts(facts, words);
  const point = points.find((one) => one.key === facts.point);
  const name = point ? text(point.name, point.key) : String(facts.point ?? "");
  const worded = (value: number | string | null | undefined) => {
    if (typeof value !== "number") return t("order.no_value");
    return point ? line(point, value) : String(value);
  };
  switch (code) {
    case "unread_before":
    case "failed":
    case "failed_unknown":
    case "unread_after":
    case "other_device":
    case "refused":
    case "nothing_sent":
    case "no_word":
    case "internal":
      return t(`order.${code}`, { cause });
    case "precondition":
      return t("order.precondition", { name, value: worded(facts.equals), now: worded(facts.now) });
    case "no_scale":
      return t("order.no_scale", { name });
    case "too_long":
      return t("order.too_long", { time: span(1000 * Number(facts.limit_s)) });
    case "not_shown":
    case "nothing_shows_it":
    case "broken_off":
      return t(`order.${code}`);
    default:
      return message;
  }
}

/** Why the device cannot be controlled now; null when it can. */
export function obstacleWords({ problem, problem_code }: Controls, { t }: Words): string | null {
  return problem_code ? t(`order.${problem_code}`) : problem;
}
