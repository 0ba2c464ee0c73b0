import type { Plan } from "@/api/types.ts";
import { saidWords } from "@/components/cause-words.ts";
import type { Words } from "@/i18n/use-words.ts";

const READ_GROUPS = ["fast", "slow", "alarms"] as const;

/** What a device does not answer, and what it said when asked. */
export function holeWords({ table, first, last, why, cause }: Plan["holes"][number], words: Words): string {
  const span = first === last ? String(first) : `${first}–${last}`;
  return `${words.t(`device.table.${table}`)} ${span}: ${saidWords(cause, why, words)}`;
}

/** A limit that was learned of a device, and why it is held. */
export function lessonWords({ limit, value, why, cause }: Plan["lessons"][number], words: Words): string {
  const { t, number } = words;
  switch (limit) {
    case "max_registers":
    case "max_bits":
      return t(`line.lesson.${limit}`, { value: number(value, null), cause: saidWords(cause, why, words) });
    case "max_gap":
      return t("line.lesson.max_gap", { value: number(value, null) });
    case "pause_between_s":
      return t("line.lesson.pause_between_s", { value: number(1000 * value, 0) });
    default:
      return `${limit} ${value}: ${why}`;
  }
}

/** What a read group of a profile is called: the usual ones in the reader's language, others as the profile has them. */
export function readGroupWords(name: string, t: Words["t"]): string {
  const known = READ_GROUPS.find((one) => one === name);
  return known ? t(`line.read_group.${known}`) : name;
}
