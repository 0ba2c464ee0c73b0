import { pickText, type Texts } from "./texts.ts";
import { isBitField, type PointWording, type SpareWords, setBits } from "./value-words.ts";

/** A point in which a device says that something is the matter. */
export interface AlarmPoint extends PointWording {
  readonly key: string;
  readonly name: Texts;
  readonly alarm: "normal" | "warning" | "critical" | "offline" | null;
}

export interface ActiveAlarm {
  readonly key: string;
  /** What it is about: "Shutdown 1"; empty when the word says it all. */
  readonly group: string;
  readonly word: string;
  readonly isCritical: boolean;
}

function alarmsOf(point: AlarmPoint, value: number, language: string, spare: SpareWords): ActiveAlarm[] {
  const name = pickText(point.name, language, point.key);
  const isCritical = point.alarm === "critical";
  if (!isBitField(point)) return [{ key: point.key, group: "", word: name, isCritical }];
  return setBits(value).map((bit) => ({
    key: `${point.key}.${bit}`,
    group: name,
    word: pickText(point.bits[bit], language, spare.bit(bit)),
    isCritical,
  }));
}

/**
 * The alarms that are active, by name, the critical ones first. A device that says which ones they are says with
 * single bits that there are some, too: these are left out then.
 */
export function activeAlarms(
  points: readonly AlarmPoint[],
  valueNow: (point: AlarmPoint) => number | null | undefined,
  language: string,
  spare: SpareWords,
): ActiveAlarm[] {
  const active = points.filter((point) => point.alarm !== null && (valueNow(point) ?? 0) > 0);
  const named = active.filter(isBitField);
  return (named.length > 0 ? named : active)
    .flatMap((point) => alarmsOf(point, valueNow(point) ?? 0, language, spare))
    .sort((one, other) => Number(other.isCritical) - Number(one.isCritical));
}
