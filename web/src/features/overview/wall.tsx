import { ActionIcon } from "@mantine/core";
import { useElementSize, useViewportSize } from "@mantine/hooks";
import { useLayoutEffect } from "react";
import { Link } from "react-router";
import type { Device } from "@/api/types.ts";
import { useSiteZone } from "@/api/use-site-zone.ts";
import { stateOf } from "@/components/device-state.ts";
import { Icon } from "@/components/icon.tsx";
import { Logo } from "@/components/logo.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStates, useNow } from "@/live/live-context.ts";
import { DeviceTile } from "./device-tile.tsx";
import { countByState } from "./filter.ts";
import { StateCounts } from "./state-counts.tsx";
import { useTurning } from "./use-turning.ts";
import styles from "./wall.module.css";
import { wallGrid, wallPages, wallScale } from "./wall-pages.ts";

function Clock({ siteIds }: { siteIds: readonly number[] }) {
  const { since } = useWords();
  const nowMs = useNow();
  return <time className={styles.clock}>{since(nowMs, nowMs, useSiteZone(siteIds))}</time>;
}

/** Letters of the whole page so much larger, as long as the wall is shown. */
function useLetters(scale: number) {
  useLayoutEffect(() => {
    document.documentElement.style.fontSize = `${100 * scale}%`;
    return () => void document.documentElement.style.removeProperty("font-size");
  }, [scale]);
}

/** The plant on a wall: how many devices are how, and the devices page by page, the worst first. */
export function Wall({ devices, name }: { devices: readonly Device[]; name: string }) {
  const { t } = useWords();
  const states = useLiveStates();
  const { ref, width, height } = useElementSize();
  const stateNow = (device: Device) => states.get(device.id) ?? stateOf(device.status);
  const screen = useViewportSize();
  const scale = wallScale(screen.width, screen.height, devices.length);
  useLetters(scale);
  const grid = wallGrid(width, height, 16 * scale, devices.length);
  const pages = wallPages(devices, stateNow, grid);
  const { page, turn, isPaused, setPaused } = useTurning(pages.length);
  return (
    <main className={styles.wall}>
      <header className={styles.head}>
        <Link aria-label={t("wall.leave")} className={styles.brand} to="/">
          <Logo size={30} />
        </Link>
        <h1>{name}</h1>
        <StateCounts counts={countByState(devices, stateNow)} label={t("wall.plant")} />
        <Clock siteIds={devices.map((device) => device.site_id)} />
      </header>
      <div
        className={styles.tiles}
        ref={ref}
        style={{
          gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${grid.rows}, minmax(0, 1fr))`,
        }}
      >
        {pages[page]?.map((device) => (
          <DeviceTile device={device} isBare isTight={grid.isTight} key={device.id} />
        ))}
      </div>
      {pages.length > 1 && (
        <footer className={styles.foot}>
          <ActionIcon aria-label={t("wall.before")} color="gray" onClick={() => turn(-1)} variant="subtle">
            <Icon name="left" />
          </ActionIcon>
          <span className="figures">{t("wall.pages", { page: page + 1, pages: pages.length })}</span>
          <ActionIcon aria-label={t("wall.next")} color="gray" onClick={() => turn(1)} variant="subtle">
            <Icon name="right" />
          </ActionIcon>
          <button aria-pressed={isPaused} className={styles.pause} onClick={() => setPaused(!isPaused)} type="button">
            {isPaused ? t("wall.go_on") : t("wall.pause")}
          </button>
        </footer>
      )}
    </main>
  );
}
