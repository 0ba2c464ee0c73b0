import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { obstacleWords } from "@/components/order-words.ts";
import { Panel } from "@/components/panel.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "../device-tabs.module.css";
import { controlsQuery, ordersQuery } from "../queries.ts";
import { CommandList } from "./command-list.tsx";
import type { Order } from "./order.ts";
import { OrderLog } from "./order-log.tsx";
import { Outcome } from "./outcome.tsx";
import { WriteList } from "./write-list.tsx";

/** Gives an order and keeps how the last one ended. */
function useOrders(deviceId: number) {
  const client = useQueryClient();
  const ordering = useMutation({
    mutationFn: ({ key, value }: Order) =>
      value === undefined
        ? send("post", "/api/devices/{device_id}/commands/{key}", { confirmed: true }, { device_id: deviceId, key })
        : send("post", "/api/devices/{device_id}/points/{key}/write", { value }, { device_id: deviceId, key }),
    onSettled: () => client.invalidateQueries({ queryKey: ordersQuery(deviceId).queryKey }),
  });
  const last = ordering.data && ordering.variables ? { order: ordering.variables, result: ordering.data } : null;
  return { give: ordering.mutateAsync, last };
}

/** What an operator can have the device do: commands and set-points, each confirmed before and read back after. */
export function DeviceControls({ device }: { device: DeviceDetail }) {
  const words = useWords();
  const { t } = words;
  const mayWrite = useReaches("admin");
  const controls = useQuery(controlsQuery(device.id));
  const { give, last } = useOrders(device.id);
  if (controls.isError && !controls.data)
    return <Failed error={controls.error} retry={() => void controls.refetch()} />;
  if (!controls.data) return <Skeletons count={3} height={120} label={t("device.loading")} layout="list" />;
  const { commands, points } = controls.data;
  if (commands.length + points.length === 0)
    return <Notice icon="empty" text={t("controls.none_text")} title={t("controls.none_title")} />;
  const obstacle = mayWrite ? obstacleWords(controls.data, words) : t("controls.not_yours");
  return (
    <div className={styles.stack}>
      {obstacle && <Notice icon="unknown" text={obstacle} title={t("controls.obstacle")} />}
      {last && <Outcome device={device} order={last.order} result={last.result} />}
      {commands.length > 0 && (
        <Panel text={t("controls.commands_text")} title={t("controls.commands")}>
          <CommandList commands={commands} device={device} give={give} isOff={obstacle !== null} />
        </Panel>
      )}
      {points.length > 0 && (
        <Panel text={t("controls.points_text")} title={t("controls.points")}>
          <WriteList device={device} give={give} isOff={obstacle !== null} points={points} />
        </Panel>
      )}
      <OrderLog device={device} names={controls.data} />
    </div>
  );
}
