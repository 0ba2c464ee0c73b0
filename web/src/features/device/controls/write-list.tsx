import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { DeviceDetail, Point, WritablePoint } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveValue } from "@/live/live-context.ts";
import { Reading } from "@/live/reading.tsx";
import { useStanding } from "@/live/use-standing.ts";
import styles from "./controls.module.css";
import { Need } from "./need.tsx";
import type { GiveOrder } from "./order.ts";

interface WriteListProps {
  points: readonly WritablePoint[];
  device: DeviceDetail;
  give: GiveOrder;
  isOff: boolean;
}

function Now({ point }: { point: Point }) {
  const live = useLiveValue(point.id);
  return <Reading live={live} point={point} standing={useStanding(live)} />;
}

interface FieldProps {
  item: WritablePoint;
  type: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A number within its limits, one of the labels, on or off, or a text: as the point is. */
function ValueField({ item, type, label, value, onChange }: FieldProps) {
  const { t, text, number, unit } = useWords();
  const codes = Object.entries(item.labels).map(([code, words]) => ({ value: code, label: text(words, code) }));
  const choices =
    codes.length === 0 && type === "bool"
      ? [
          { value: "1", label: t("value.on") },
          { value: "0", label: t("value.off") },
        ]
      : codes;
  if (choices.length > 0)
    return (
      <Select
        allowDeselect={false}
        aria-label={label}
        data={choices}
        onChange={(chosen) => onChange(chosen ?? "")}
        value={value || null}
      />
    );
  if (type === "string")
    return <TextInput aria-label={label} onChange={(event) => onChange(event.currentTarget.value)} value={value} />;
  const bounded = item.low !== null && item.high !== null;
  const hint = bounded
    ? t("controls.limits", { low: number(item.low ?? 0, null), high: number(item.high ?? 0, null) })
    : undefined;
  return (
    <NumberInput
      aria-label={label}
      description={hint}
      onChange={(next) => onChange(String(next))}
      {...(item.low !== null ? { min: item.low } : {})}
      {...(item.high !== null ? { max: item.high } : {})}
      suffix={item.unit ? ` ${unit(item.unit)}` : ""}
      value={value === "" ? "" : Number(value)}
    />
  );
}

/** The value as the server wants it. */
export function wantedValue(type: string, value: string): number | string | boolean {
  if (type === "string") return value;
  return type === "bool" ? value === "1" : Number(value);
}

function WriteRow({ item, device, give, isOff }: Omit<WriteListProps, "points"> & { item: WritablePoint }) {
  const { t, text, line } = useWords();
  const [value, setValue] = useState("");
  const [isAsking, setAsking] = useState(false);
  const point = device.points.find((one) => one.key === item.key);
  if (!point) return null;
  const name = text(item.name, item.key);
  const wanted = wantedValue(point.type, value);
  const words = typeof wanted === "string" ? wanted : line(point, Number(wanted));
  return (
    <li className={styles.write}>
      <div>
        <strong>{name}</strong>
        <p className={styles.need}>
          {t("controls.now")} <Now point={point} />
        </p>
        {item.needs && <Need device={device} need={item.needs} />}
      </div>
      <ValueField
        item={item}
        label={t("controls.new_value", { name })}
        onChange={setValue}
        type={point.type}
        value={value}
      />
      <Button disabled={isOff || value === ""} onClick={() => setAsking(true)} variant="default">
        {t("controls.write")}
      </Button>
      <Confirm
        action={t("controls.write")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => give({ key: item.key, name, value: wanted })}
        text={t("controls.write_sure", { name, value: words })}
        title={`${device.name}: ${name}`}
      >
        <p className={styles.need}>
          {t("controls.now")} <Now point={point} />
        </p>
        <p className={styles.need}>{t("controls.read_back")}</p>
      </Confirm>
    </li>
  );
}

export function WriteList({ points, ...rest }: WriteListProps) {
  return (
    <ul className={styles.writes}>
      {points.map((item) => (
        <WriteRow item={item} key={item.key} {...rest} />
      ))}
    </ul>
  );
}
