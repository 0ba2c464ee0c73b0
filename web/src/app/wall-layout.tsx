import { useEffect } from "react";
import { Outlet } from "react-router";
import { useIsSilent } from "@/live/live-context.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ConnectionChip } from "./connection-chip.tsx";
import { Gate } from "./gate.tsx";
import { useOutdated } from "./use-outdated.ts";
import styles from "./wall-layout.module.css";

/** A screen on a wall: the plant fills it, and nothing else is there but whether it is live. */
export function WallLayout() {
  const isOld = useOutdated();
  useEffect(() => {
    if (isOld) window.location.reload();
  }, [isOld]);
  return (
    <Gate>
      <div className={styles.wall} data-silent={useIsSilent()}>
        <ConnectionBanner />
        <div className={styles.plant}>
          <div className={styles.chip}>
            <ConnectionChip />
          </div>
          <Outlet />
        </div>
      </div>
    </Gate>
  );
}
