import { Button, Select, TextInput } from "@mantine/core";
import { useSearchParams } from "react-router";
import { useReaches } from "@/api/use-session.ts";
import { NotYours } from "@/components/not-yours.tsx";
import { SearchField } from "@/components/search-field.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { StopDownload } from "@/components/stop-download.tsx";
import { useDownload } from "@/components/use-download.ts";
import { Wrong } from "@/components/wrong.tsx";
import { ZoneNote } from "@/components/zone-note.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import styles from "./audit.module.css";
import { ACTIONS, type AuditFilter, askedOf, filterFromUrl, filterToUrl, KINDS } from "./audit-filter.ts";
import { AuditList } from "./audit-list.tsx";

const ANY = "";

interface FilterFieldsProps {
  filter: AuditFilter;
  onChange: (change: Partial<AuditFilter>) => void;
}

function FilterFields({ filter, onChange }: FilterFieldsProps) {
  const { t } = useWords();
  const any = { value: ANY, label: t("audit.any") };
  return (
    <div className={styles.frame}>
      <div className={styles.filter}>
        <div className={styles.search}>
          <SearchField
            clear={t("overview.clear")}
            label={t("audit.who")}
            onChange={(who) => onChange({ who })}
            value={filter.who}
          />
        </div>
        <Select
          allowDeselect={false}
          data={[any, ...ACTIONS.map((value) => ({ value, label: t(`audit.actions.${value}`) }))]}
          label={t("audit.action")}
          onChange={(next) => onChange({ action: ACTIONS.find((action) => action === next) ?? null })}
          value={filter.action ?? ANY}
        />
        <Select
          allowDeselect={false}
          data={[any, ...KINDS.map((value) => ({ value, label: t(`audit.kinds.${value}`) }))]}
          label={t("audit.kind")}
          onChange={(next) => onChange({ kind: KINDS.find((kind) => kind === next) ?? null })}
          value={filter.kind ?? ANY}
        />
        <TextInput
          label={t("audit.start")}
          onChange={(event) => onChange({ first: event.currentTarget.value })}
          type="date"
          value={filter.first}
        />
        <TextInput
          label={t("audit.end")}
          onChange={(event) => onChange({ last: event.currentTarget.value })}
          type="date"
          value={filter.last}
        />
      </div>
    </div>
  );
}

function Export({ filter }: { filter: AuditFilter }) {
  const { t } = useWords();
  const zone = useZone();
  const { going, error, start } = useDownload();
  const begin = (format: "csv" | "jsonl") => {
    const query = new URLSearchParams({ format, ...askedOf(filter, zone) });
    void start(`/api/audit/export?${query}`);
  };
  return (
    <div className={styles.export}>
      {going && <StopDownload going={going} />}
      {(["csv", "jsonl"] as const).map((format) => (
        <Button disabled={going !== null} key={format} onClick={() => begin(format)} variant="default">
          {t(`audit.export_${format}`)}
        </Button>
      ))}
      {error !== null && <Wrong error={error} />}
    </div>
  );
}

function Audit() {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const filter = filterFromUrl(params);
  const change = (next: Partial<AuditFilter>) => setParams(filterToUrl({ ...filter, ...next }), { replace: true });
  return (
    <SettingsPage action={<Export filter={filter} />} title={t("audit.title")}>
      <p className={styles.text}>{t("audit.text")}</p>
      <FilterFields filter={filter} onChange={change} />
      <ZoneNote />
      <AuditList filter={filter} />
    </SettingsPage>
  );
}

/** Who did what: the owner's alone. */
export function AuditPage() {
  const isOwner = useReaches("owner");
  useHeartbeat();
  return isOwner ? <Audit /> : <NotYours />;
}
