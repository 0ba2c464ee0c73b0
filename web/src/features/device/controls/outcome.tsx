import type { DeviceDetail, OrderRecord, OrderResult } from "@/api/types.ts";
import { Icon, type IconName } from "@/components/icon.tsx";
import { reasonWords } from "@/components/order-words.ts";
import { useWords, type Words } from "@/i18n/use-words.ts";
import styles from "./controls.module.css";
import type { Order } from "./order.ts";

export const RESULT_ICONS = {
  verified: "good",
  not_verified: "uncertain",
  refused: "bad",
  failed: "error",
} as const satisfies Record<OrderResult["result"], IconName>;

/** What the device showed before and after, in words. */
export function changeWords(
  device: DeviceDetail,
  found: Pick<OrderRecord, "key" | "old" | "new">,
  words: Words,
): string {
  const point = device.points.find((one) => one.key === found.key);
  const told = (value: number | string | null) => {
    if (value === null) return "—";
    return typeof value === "number" && point ? words.line(point, value) : String(value);
  };
  return found.old === null && found.new === null ? "" : `${told(found.old)} → ${told(found.new)}`;
}

interface OutcomeProps {
  device: DeviceDetail;
  order: Order;
  result: OrderResult;
}

/** How the last order ended: whether the device shows what was wanted. */
export function Outcome({ device, order, result }: OutcomeProps) {
  const words = useWords();
  const { t } = words;
  const change = changeWords(device, { key: order.key, old: result.old, new: result.new }, words);
  return (
    <div className={styles.outcome} data-result={result.result} role="status">
      <Icon name={RESULT_ICONS[result.result]} size={22} />
      <div>
        <strong>
          {order.name}: {t(`controls.result_${result.result}`)}
        </strong>
        {change && <p>{t("controls.read_as", { change })}</p>}
        {result.message && <p>{reasonWords(device.points, result, words)}</p>}
      </div>
    </div>
  );
}
