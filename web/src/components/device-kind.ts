import type { Words } from "@/i18n/use-words.ts";
import type { IconName } from "./icon.tsx";

const KINDS = ["genset", "mains", "relay", "controller", "sensor", "meter", "inverter"] as const;

/** A profile may name a kind that this page has never heard of: it keeps its own word, and a plain sign. */
function known(kind: string) {
  return KINDS.find((one) => one === kind);
}

export function kindIcon(kind: string): IconName {
  return known(kind) ?? "device";
}

export function kindWord(kind: string, t: Words["t"]): string {
  const one = known(kind);
  return one ? t(`kind.${one}`) : kind;
}
