import { Button, Divider, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { calendarFromUrl } from "./calendar.ts";
import { dayField, fromField, toField } from "./fields.ts";
import { boundsOf, rangeToUrl, settled, type TimeRange } from "./time-range.ts";
import styles from "./trends.module.css";

interface CustomRangeProps {
  range: TimeRange;
  zone: string;
  onRange: (range: TimeRange) => void;
}

function RangeForm({ range, zone, onRange }: CustomRangeProps) {
  const { t } = useWords();
  const { serverNowMs } = useLiveStore();
  const bounds = boundsOf(range, serverNowMs(), zone);
  const [from, setFrom] = useState(toField(bounds.startMs, zone));
  const [to, setTo] = useState(toField(bounds.endMs, zone));
  const startMs = fromField(from, zone);
  const endMs = fromField(to, zone);
  const isValid = startMs < endMs;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onRange({ kind: "between", bounds: settled({ startMs, endMs }, serverNowMs()) });
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

/** A whole day: chosen is shown. */
function DayField({ range, zone, onRange }: CustomRangeProps) {
  const { t } = useWords();
  const { serverNowMs } = useLiveStore();
  const { startMs } = boundsOf(range, serverNowMs(), zone);
  const today = dayField(serverNowMs(), zone);
  return (
    <TextInput
      defaultValue={dayField(startMs, zone)}
      label={t("trends.calendar.day")}
      max={today}
      onChange={(event) => {
        const calendar = calendarFromUrl(`day-${event.currentTarget.value.replaceAll("-", "")}`);
        if (calendar && event.currentTarget.value <= today) onRange({ kind: "calendar", calendar });
      }}
      type="date"
    />
  );
}

/** A day that is picked is in the fields below it at once, where an hour of it can be chosen. */
export function CustomRange({ range, zone, onRange }: CustomRangeProps) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const isOwn = range.kind === "between" || (range.kind === "calendar" && typeof range.calendar.which === "object");
  return (
    <Popover onChange={setOpen} opened={isOpen} position="bottom-end" shadow="md" trapFocus width={290}>
      <Popover.Target>
        <button aria-pressed={isOwn} className={styles.preset} onClick={() => setOpen(!isOpen)} type="button">
          {t("trends.custom")}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <DayField key={`day ${rangeToUrl(range)}`} onRange={onRange} range={range} zone={zone} />
        <Divider my="md" />
        <RangeForm
          key={`bounds ${rangeToUrl(range)}`}
          onRange={(next) => {
            setOpen(false);
            onRange(next);
          }}
          range={range}
          zone={zone}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
