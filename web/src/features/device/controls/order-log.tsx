import { useQuery } from "@tanstack/react-query";
import type { Controls, DeviceDetail, OrderRecord } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { reasonWords } from "@/components/order-words.ts";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { ordersQuery } from "../queries.ts";
import styles from "./controls.module.css";
import { changeWords, RESULT_ICONS } from "./outcome.tsx";

interface OrderRowProps {
  record: OrderRecord;
  device: DeviceDetail;
  name: string;
}

function OrderRow({ record, device, name }: OrderRowProps) {
  const words = useWords();
  const store = useLiveStore();
  const at = store.toLocalMs(Date.parse(record.asked_at));
  const result = record.result;
  return (
    <tr>
      <td>{words.time(at, "full")}</td>
      <td>{record.who}</td>
      <td>{name}</td>
      <td>{changeWords(device, record, words)}</td>
      <td>
        <span className={styles.result} data-result={result ?? "under_way"}>
          <Icon name={result ? RESULT_ICONS[result] : "uncertain"} />
          {words.t(result ? `controls.result_${result}` : "controls.under_way")}
        </span>
        {record.message && <p className={styles.need}>{reasonWords(device.points, record, words)}</p>}
      </td>
    </tr>
  );
}

/** The last orders to this device: who gave them, and how they ended. */
export function OrderLog({ device, names }: { device: DeviceDetail; names: Controls }) {
  const { t, text } = useWords();
  const orders = useQuery(ordersQuery(device.id));
  const known = new Map([...names.commands, ...names.points].map((one) => [one.key, text(one.name, one.key)]));
  return (
    <Panel title={t("controls.log")}>
      {orders.isError && !orders.data && <Failed error={orders.error} retry={() => void orders.refetch()} />}
      {orders.data?.length === 0 && <p className={styles.need}>{t("controls.log_none")}</p>}
      {orders.data && orders.data.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <div className={styles.scroller} tabIndex={0}>
          <table aria-label={t("controls.log")} className={styles.log}>
            <thead>
              <tr>
                {(["at", "who", "order", "change", "result"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`controls.log_${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {orders.data.map((record) => (
                <OrderRow
                  device={device}
                  key={record.id}
                  name={known.get(record.key) ?? record.key}
                  record={record}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
