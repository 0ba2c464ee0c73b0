import { lazy, Suspense } from "react";
import type { DeviceDetail } from "@/api/types.ts";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { DevicePoints } from "./device-points.tsx";
import styles from "./device-tabs.module.css";
import { DeviceTabs, TABS, useTab } from "./device-tabs.tsx";
import { feedsOf } from "./diagram/one-line.ts";

const DeviceHealth = lazy(async () => ({ default: (await import("./health/device-health.tsx")).DeviceHealth }));
const DeviceControls = lazy(async () => ({
  default: (await import("./controls/device-controls.tsx")).DeviceControls,
}));

const PlantPicture = lazy(async () => ({ default: (await import("./diagram/plant-picture.tsx")).PlantPicture }));

/** The values; above them, for what has breakers, how it is switched. */
function DeviceValues({ device }: { device: DeviceDetail }) {
  return (
    <div className={styles.stack}>
      {feedsOf(device.points).length > 0 && <PlantPicture device={device} />}
      <DevicePoints device={device} />
    </div>
  );
}

/** The parts of a device's page: its values now, how it and its link do, and what it can be told to do. */
export function DeviceParts({ device }: { device: DeviceDetail }) {
  const { t } = useWords();
  const tab = useTab();
  return (
    <>
      <DeviceTabs shown={TABS} tab={tab} />
      <Suspense fallback={<Skeletons count={3} height={160} label={t("device.loading")} layout="list" />}>
        {tab === "values" && <DeviceValues device={device} />}
        {tab === "health" && <DeviceHealth device={device} />}
        {tab === "controls" && <DeviceControls device={device} />}
      </Suspense>
    </>
  );
}
