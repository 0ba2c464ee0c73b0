import type { DeviceStatus } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { SearchField } from "@/components/search-field.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { type Filter, STATUSES } from "./filter.ts";
import styles from "./overview.module.css";

interface OverviewFilterProps {
  filter: Filter;
  counts: Record<DeviceStatus, number>;
  total: number;
  onChange: (filter: Filter) => void;
}

/** A text field, and one button per status that also says how many devices have it. */
export function OverviewFilter({ filter, counts, total, onChange }: OverviewFilterProps) {
  const { t, count } = useWords();
  const shown = STATUSES.filter((status) => counts[status] > 0 || status === "online" || status === filter.status);
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
          aria-pressed={filter.status === null}
          className={styles.status}
          onClick={() => onChange({ ...filter, status: null })}
          type="button"
        >
          {t("overview.all")} <span className={styles.count}>{count(total)}</span>
        </button>
        {shown.map((status) => (
          <button
            aria-pressed={filter.status === status}
            className={styles.status}
            data-some={counts[status] > 0}
            data-status={status}
            key={status}
            onClick={() => onChange({ ...filter, status: filter.status === status ? null : status })}
            type="button"
          >
            <Icon name={status} />
            {t(`status.${status}`)} <span className={styles.count}>{count(counts[status])}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
