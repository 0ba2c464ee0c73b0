import { Button, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "@/i18n/use-words.ts";
import { boundsOf, settled, type TimeRange } from "./time-range.ts";
import styles from "./trends.module.css";

/** What a datetime-local field wants: local time without a zone. */
function toField(atMs: number): string {
  const at = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 19);
}

interface CustomRangeProps {
  range: TimeRange;
  onRange: (range: TimeRange) => void;
}

function RangeForm({ range, onRange }: CustomRangeProps) {
  const { t } = useWords();
  const bounds = boundsOf(range, Date.now());
  const [from, setFrom] = useState(toField(bounds.startMs));
  const [to, setTo] = useState(toField(bounds.endMs));
  const startMs = Date.parse(from);
  const endMs = Date.parse(to);
  const isValid = startMs < endMs;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onRange({ kind: "between", bounds: settled({ startMs, endMs }, Date.now()) });
      }}
    >
      <TextInput
        label={t("trends.from")}
        onChange={(event) => setFrom(event.currentTarget.value)}
        step={1}
        type="datetime-local"
        value={from}
      />
      <TextInput
        error={isValid ? null : t("trends.bad_range")}
        label={t("trends.to")}
        onChange={(event) => setTo(event.currentTarget.value)}
        step={1}
        type="datetime-local"
        value={to}
      />
      <Button disabled={!isValid} type="submit">
        {t("trends.apply")}
      </Button>
    </form>
  );
}

export function CustomRange({ range, onRange }: CustomRangeProps) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover onChange={setOpen} opened={isOpen} position="bottom-end" shadow="md" trapFocus width={290}>
      <Popover.Target>
        <button
          aria-pressed={range.kind === "between"}
          className={styles.preset}
          onClick={() => setOpen(!isOpen)}
          type="button"
        >
          {t("trends.custom")}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <RangeForm
          onRange={(next) => {
            setOpen(false);
            onRange(next);
          }}
          range={range}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
