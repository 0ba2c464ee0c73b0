import type { DeviceDetail } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";

export type DeviceWarning = DeviceDetail["warnings"][number];

/** A fact as it is written in a sentence: seconds as a span, a share in percent, a name as it is. */
function factWords(name: string, value: number | string | null | undefined, { span, number }: Words): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (name.endsWith("_s")) return span(Math.max(1, Math.round(1000 * value)));
  return name.endsWith("_share") ? `${number(100 * value, 0)} %` : number(value, null);
}

/** The sentence that tells the cause; undefined for a code that the page does not know. */
function causeWords(code: DeviceWarning["code"], of: (fact: string) => string, t: Words["t"]): string | undefined {
  const interval_s = of("interval_s");
  const devices = of("devices");
  switch (code) {
    case "cycle_too_long": {
      const [longest_s, requests, paused_s] = [of("longest_s"), of("requests"), of("paused_s")];
      return t("warning.cycle_too_long", { longest_s, interval_s, requests, paused_s });
    }
    case "link_overloaded":
      return t("warning.link_overloaded", { devices, link_share: of("link_share"), own_share: of("own_share") });
    case "silence_delays_others":
      return t("warning.silence_delays_others", { timeout_s: of("timeout_s"), device: of("device"), interval_s });
    case "clock_invalid":
      return t("warning.clock_invalid", { shown: of("shown") });
    case "clock_slow":
    case "clock_fast":
      return t(`warning.${code}`, { shown: of("shown"), off_s: of("off_s"), zone: of("zone") });
    default:
      return undefined;
  }
}

/** Why a device will not be polled as often as is wanted, or its clock is wrong, in the reader's language where the page knows the code. */
export function warningWords({ code, facts, message }: DeviceWarning, words: Words): string {
  const { t } = words;
  const of = (fact: string) => factWords(fact, facts?.[fact], words);
  const cause = causeWords(code, of, t);
  if (cause === undefined) return message;
  const [baudrate, shortest_s] = [of("baudrate"), of("shortest_s")];
  const sentences = [
    cause,
    ...(baudrate ? [t("warning.baudrate", { baudrate })] : []),
    ...(shortest_s ? [t("warning.shortest", { shortest_s })] : []),
  ];
  return sentences.join(" ");
}
