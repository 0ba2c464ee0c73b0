import { MultiSelect, Select, Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import { deviceQuery } from "@/api/queries.ts";
import type { Device, TrendLog } from "@/api/types.ts";
import { Fields, Form } from "@/components/form.tsx";
import { TextField } from "@/components/text-field.tsx";
import { useForm } from "@/components/use-form.ts";
import { useWords } from "@/i18n/use-words.ts";
import { trendLogsQuery } from "./queries.ts";

const NO_DEVICE = 0;

export interface TrendLogFormProps {
  /** The log to change; null makes a new one. */
  log: TrendLog | null;
  devices: readonly Device[];
  onSaved: () => void;
}

interface Draft {
  device: string | null;
  name: string;
  points: string[];
  interval_s: string;
  max_samples: string;
  enabled: boolean;
}

const NAMES = ["device_id", "name", "points", "interval_s", "max_samples"];

function draftOf(log: TrendLog | null): Draft {
  return {
    device: log ? String(log.device_id) : null,
    name: log?.name ?? "",
    points: log?.series.map((series) => series.key) ?? [],
    interval_s: String(log?.interval_s ?? 900),
    max_samples: String(log?.max_samples ?? 10_000),
    enabled: log?.enabled ?? true,
  };
}

function saving(log: TrendLog | null) {
  return ({ device, interval_s, max_samples, ...rest }: Draft) => {
    const body = { ...rest, interval_s: Number(interval_s), max_samples: Number(max_samples) };
    if (log) return send("put", "/api/history/trend-logs/{trend_log_id}", body, { trend_log_id: log.id });
    return send("post", "/api/history/trend-logs", { ...body, device_id: Number(device) });
  };
}

/** The points of a device that a log can record: all but texts. */
function usePoints(device: string | null) {
  const { text } = useWords();
  const found = useQuery({ ...deviceQuery(Number(device ?? NO_DEVICE)), enabled: device !== null });
  const points = found.data?.points.filter((point) => point.type !== "string") ?? [];
  return points.map((point) => ({ value: point.key, label: text(point.name, point.key) }));
}

export function TrendLogForm({ log, devices, onSaved }: TrendLogFormProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const form = useForm(draftOf(log), NAMES, saving(log), async () => {
    await queries.invalidateQueries(trendLogsQuery);
    onSaved();
  });
  const { device, points, enabled } = form.draft;
  const choices = usePoints(device);
  return (
    <Form
      action={log ? t("form.save") : t("trend_logs.add")}
      error={form.whole}
      isBusy={form.isBusy}
      onSubmit={() => form.submit("save")}
    >
      <TextField form={form} name="name" data-autofocus label={t("form.name")} maxLength={100} required />
      <Select
        allowDeselect={false}
        data={devices.map((one) => ({ value: String(one.id), label: one.name }))}
        disabled={log !== null}
        error={form.fault("device_id")}
        label={t("trend_logs.device")}
        nothingFoundMessage={t("groups.no_device")}
        onChange={(next) => form.change({ device: next, points: [] }, "device_id")}
        required
        searchable
        value={device}
        withAsterisk={false}
      />
      <MultiSelect
        data={choices}
        disabled={device === null}
        error={form.fault("points")}
        hidePickedOptions
        label={t("trend_logs.points")}
        limit={100}
        maxDropdownHeight={240}
        nothingFoundMessage={t("trend_logs.no_point")}
        onChange={(next) => form.change({ points: next })}
        placeholder={t("trend_logs.points_hint")}
        searchable
        value={points}
      />
      <Fields>
        <TextField
          form={form}
          name="interval_s"
          description={t("trend_logs.interval_text")}
          inputMode="numeric"
          label={t("trend_logs.interval")}
          required
        />
        <TextField form={form} name="max_samples" inputMode="numeric" label={t("trend_logs.most")} required />
      </Fields>
      <Switch
        checked={enabled}
        label={t("trend_logs.enabled")}
        onChange={(event) => form.change({ enabled: event.currentTarget.checked })}
      />
    </Form>
  );
}
