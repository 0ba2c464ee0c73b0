import { formatNumber } from "./numbers.ts";
import { pickText, type Texts } from "./texts.ts";
import { unitIn } from "./units.ts";

/** What of a point is needed to write one of its values. */
export interface PointWording {
  readonly type: string;
  readonly unit: string;
  readonly decimals: number | null;
  readonly labels: Readonly<Record<string, Texts>>;
  readonly bits: Readonly<Record<string, Texts>>;
}

export type ValueWords =
  | { kind: "number"; number: string; unit: string }
  | { kind: "label"; label: string }
  | { kind: "bits"; active: readonly string[] };

/** Words that a point without its own labels falls back to. */
export interface SpareWords {
  on: string;
  off: string;
  code: (code: number) => string;
  bit: (bit: number) => string;
}

export function isBitField(point: PointWording): boolean {
  return point.type.startsWith("bitfield");
}

/** A point whose values are steps, not a curve: on/off, states, bits, and numbers that are set to be states. */
export function isStepped(point: PointWording): boolean {
  return (
    point.type === "bool" ||
    point.type.startsWith("enum") ||
    isBitField(point) ||
    Object.keys(point.labels).length > 0
  );
}

/** The set bits of a register value, lowest first. Works above 2^31, where the bit operators do not. */
export function setBits(value: number): number[] {
  const bits: number[] = [];
  let rest = Math.max(0, Math.trunc(value));
  for (let bit = 0; rest > 0; bit += 1) {
    if (rest % 2 === 1) bits.push(bit);
    rest = Math.floor(rest / 2);
  }
  return bits;
}

/** How a value is written: a number with its unit, the label of a state, or the texts of the active bits. */
export function valueWords(point: PointWording, value: number, language: string, spare: SpareWords): ValueWords {
  if (isBitField(point)) {
    const active = setBits(value).map((bit) => pickText(point.bits[bit], language, spare.bit(bit)));
    return { kind: "bits", active };
  }
  const label = point.labels[value];
  if (label) return { kind: "label", label: pickText(label, language) };
  if (point.type === "bool") return { kind: "label", label: value === 0 ? spare.off : spare.on };
  if (point.type.startsWith("enum")) return { kind: "label", label: spare.code(value) };
  return {
    kind: "number",
    number: formatNumber(value, point.decimals, language),
    unit: unitIn(point.unit, language),
  };
}
