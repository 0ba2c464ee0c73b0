import { lazy, Suspense } from "react";
import type { DeviceDetail } from "@/api/types.ts";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { DevicePoints } from "./device-points.tsx";
import { DeviceTabs, TABS, useTab } from "./device-tabs.tsx";

const DeviceHealth = lazy(async () => ({ default: (await import("./health/device-health.tsx")).DeviceHealth }));
const DeviceControls = lazy(async () => ({
  default: (await import("./controls/device-controls.tsx")).DeviceControls,
}));

/** The parts of a device's page: its values now, how it and its link do, and what it can be told to do. */
export function DeviceParts({ device }: { device: DeviceDetail }) {
  const { t } = useWords();
  const tab = useTab();
  return (
    <>
      <DeviceTabs shown={TABS} tab={tab} />
      <Suspense fallback={<Skeletons count={3} height={160} label={t("device.loading")} layout="list" />}>
        {tab === "values" && <DevicePoints device={device} />}
        {tab === "health" && <DeviceHealth device={device} />}
        {tab === "controls" && <DeviceControls device={device} />}
      </Suspense>
    </>
  );
}
