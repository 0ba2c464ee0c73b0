import { DEVICE_STATES, type DeviceState, STATE_ICONS } from "@/components/device-state.ts";
import { Icon } from "@/components/icon.tsx";
import { SearchField } from "@/components/search-field.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { Counts, Filter } from "./filter.ts";
import styles from "./overview.module.css";
import { ARRANGEMENTS } from "./sections.ts";

interface OverviewFilterProps {
  filter: Filter;
  counts: Counts;
  total: number;
  hasGroups: boolean;
  onChange: (filter: Filter) => void;
}

function Arranged({ filter, onChange }: Pick<OverviewFilterProps, "filter" | "onChange">) {
  const { t } = useWords();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that are not wanted
    <div aria-label={t("overview.by")} className={styles.statuses} role="group">
      {ARRANGEMENTS.map((by) => (
        <button
          aria-pressed={filter.by === by}
          className={styles.status}
          key={by}
          onClick={() => onChange({ ...filter, by })}
          type="button"
        >
          {t(`overview.by_${by}`)}
        </button>
      ))}
    </div>
  );
}

/** A text field, one button per state that also says how many devices have it, and sites or groups. */
export function OverviewFilter({ filter, counts, total, hasGroups, onChange }: OverviewFilterProps) {
  const { t, count } = useWords();
  const isShown = (state: DeviceState) => counts[state] > 0 || state === "normal" || state === filter.state;
  return (
    <section aria-label={t("overview.filter")} className={styles.filter}>
      <div className={styles.search}>
        <SearchField
          clear={t("overview.clear")}
          hint={t("overview.filter_hint")}
          label={t("overview.filter")}
          onChange={(query) => onChange({ ...filter, query })}
          value={filter.query}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that are not wanted */}
      <div aria-label={t("overview.status")} className={styles.statuses} role="group">
        <button
          aria-pressed={filter.state === null}
          className={styles.status}
          onClick={() => onChange({ ...filter, state: null })}
          type="button"
        >
          {t("overview.all")} <span className={styles.count}>{count(total)}</span>
        </button>
        {DEVICE_STATES.filter(isShown).map((state) => (
          <button
            aria-pressed={filter.state === state}
            className={styles.status}
            data-some={counts[state] > 0}
            data-state={state}
            key={state}
            onClick={() => onChange({ ...filter, state: filter.state === state ? null : state })}
            type="button"
          >
            <Icon name={STATE_ICONS[state]} />
            {t(`status.${state}`)} <span className={styles.count}>{count(counts[state])}</span>
          </button>
        ))}
      </div>
      {hasGroups && <Arranged filter={filter} onChange={onChange} />}
    </section>
  );
}
