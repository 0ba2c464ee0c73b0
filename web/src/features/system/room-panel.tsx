import { Progress } from "@mantine/core";
import type { Health } from "@/api/types.ts";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { formatBytes } from "@/lib/bytes.ts";
import { DAY_MS } from "@/lib/time.ts";
import { Facts } from "./facts.tsx";

const COLORS = { ok: "teal.7", warning: "orange.7", full: "red.8" } as const;

/** How much room the history has, and for how long. */
export function RoomPanel({ room }: { room: Health["room"] }) {
  const { t, number, span, language } = useWords();
  const size = (bytes: number | null) => (bytes === null ? t("health.unknown") : formatBytes(bytes, language));
  const used = `${number(room.used_percent, 0)} %`;
  return (
    <Panel text={t("health.limits")} title={t("health.room")}>
      <Progress aria-label={`${t("health.used")}: ${used}`} color={COLORS[room.state]} value={room.used_percent} />
      <Facts
        facts={[
          [t("health.used"), used],
          [t("health.free"), size(room.free_bytes)],
          [t("health.size"), size(room.bytes)],
          [t("health.growth"), size(room.growth_bytes_per_day)],
          [
            t("health.days_left"),
            room.days_left === null ? t("health.unknown") : span(Math.floor(room.days_left) * DAY_MS),
          ],
        ]}
      />
    </Panel>
  );
}
