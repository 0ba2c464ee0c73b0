import { Button, Menu } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { CALENDAR_NAMES } from "./calendar.ts";
import { CustomRange } from "./custom-range.tsx";
import { PRESETS, type PresetName, rangeFromUrl, rangeToUrl, type TimeRange } from "./time-range.ts";
import styles from "./trends.module.css";
import { useRangeWords } from "./use-range-words.ts";

interface RangeBarProps {
  range: TimeRange;
  zone: string;
  onRange: (range: TimeRange) => void;
  onPick: () => void;
}

export function RangeBar({ range, zone, onRange, onPick }: RangeBarProps) {
  const { t } = useWords();
  const { preset } = useRangeWords();
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
        <CalendarMenu onRange={onRange} range={range} />
        <CustomRange onRange={onRange} range={range} zone={zone} />
      </div>
      <Button leftSection={<Icon name="plus" />} onClick={onPick}>
        {t("trends.add")}
      </Button>
    </div>
  );
}

/** Days, weeks and months as the calendar has them. */
function CalendarMenu({ range, onRange }: Pick<RangeBarProps, "range" | "onRange">) {
  const { t } = useWords();
  const chosen = CALENDAR_NAMES.find((name) => name === rangeToUrl(range));
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button aria-pressed={chosen !== undefined} className={styles.preset} type="button">
          {chosen ? t(`trends.calendar.${chosen}`) : t("trends.calendar.title")}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {CALENDAR_NAMES.map((name) => (
          <Menu.Item key={name} onClick={() => onRange(rangeFromUrl(name))}>
            {t(`trends.calendar.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
