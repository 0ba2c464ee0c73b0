import type { DeviceDetail } from "@/api/types.ts";
import { AlertMark } from "@/components/alert-mark.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveDevice } from "@/live/live-context.ts";
import styles from "./diagram.module.css";
import { Gauge } from "./gauge.tsx";
import { feedsOf, GAUGES } from "./one-line.ts";
import { OneLineDiagram } from "./one-line-diagram.tsx";
import { useRole } from "./use-role.ts";

const MODES = ["mode_auto", "mode_manual", "mode_stop", "mode_test"] as const;

/** In what state and mode the set is, in words. */
function StateLine({ device, stateKey }: { device: DeviceDetail; stateKey: string }) {
  const { text } = useWords();
  const live = useLiveDevice(device.id);
  const state = useRole(device, stateKey);
  const modes = [
    useRole(device, MODES[0]),
    useRole(device, MODES[1]),
    useRole(device, MODES[2]),
    useRole(device, MODES[3]),
  ];
  const mode = modes.find((one) => one.value === 1)?.point;
  return (
    <p className={styles.state}>
      <AlertMark alert={live?.alert ?? null} />
      <strong>{state.words ?? ""}</strong>
      {mode && <span>{text(mode.name, mode.key)}</span>}
    </p>
  );
}

/** A genset, or the mains before several, as a drawing with gauges; nothing for devices of other kinds. */
export function PlantPicture({ device }: { device: DeviceDetail }) {
  const { t } = useWords();
  const [left, right] = feedsOf(device.points);
  if (!left || !right) return null;
  const gauges = GAUGES.flatMap((key) => device.points.filter((point) => point.key === key));
  return (
    <Panel action={<StateLine device={device} stateKey={right.state} />} title={t("diagram.title")}>
      <div className={styles.picture}>
        <OneLineDiagram device={device} left={left} right={right} />
        <ul aria-label={t("diagram.gauges")} className={styles.gauges}>
          {gauges.map((point) => (
            <Gauge key={point.key} limits={device.thresholds[point.key] ?? null} point={point} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}
