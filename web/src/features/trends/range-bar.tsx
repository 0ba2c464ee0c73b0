import { Button } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { CustomRange } from "./custom-range.tsx";
import { PRESETS, type PresetName, type TimeRange } from "./time-range.ts";
import styles from "./trends.module.css";

interface RangeBarProps {
  range: TimeRange;
  onRange: (range: TimeRange) => void;
  onPick: () => void;
}

export function RangeBar({ range, onRange, onPick }: RangeBarProps) {
  const { t, preset } = useRangeWords();
  const names = Object.keys(PRESETS) as PresetName[];
  return (
    <div className={styles.bar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that are not wanted */}
      <div aria-label={t("trends.range")} className={styles.presets} role="group">
        {names.map((name) => (
          <button
            aria-pressed={range.kind === "last" && range.name === name}
            className={styles.preset}
            key={name}
            onClick={() => onRange({ kind: "last", name })}
            type="button"
          >
            {preset(name)}
          </button>
        ))}
        <CustomRange onRange={onRange} range={range} />
      </div>
      <Button leftSection={<Icon name="plus" />} onClick={onPick}>
        {t("trends.add")}
      </Button>
    </div>
  );
}

const UNITS = { m: "minute", h: "hour", d: "day" } as const;

function useRangeWords() {
  const { t, language } = useWords();
  const preset = (name: PresetName) => {
    const unit = UNITS[name.slice(-1) as keyof typeof UNITS];
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(
      Number.parseInt(name, 10),
    );
  };
  return { t, preset };
}
