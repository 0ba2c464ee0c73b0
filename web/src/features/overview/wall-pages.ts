import type { Device } from "@/api/types.ts";
import { DEVICE_STATES, type DeviceState } from "@/components/device-state.ts";

const TILE_WIDTH_PX = 320;
const TILE_HEIGHT_PX = 330;
const GAP_PX = 14;
/** Holds six values and some alarms. */
const WHOLE_TILE_PX = 456;

export interface WallGrid {
  readonly columns: number;
  readonly rows: number;
  /** There is room for the most important values and alarms alone. */
  readonly isTight: boolean;
}

/** The screen that the sizes are made for; on one of more pixels the same is drawn larger, not more of it. */
const USUAL = { widthPx: 1920, heightPx: 1080 } as const;
/** Narrower screens are looked at from near: a phone, a tablet held upright. */
const NEAR_PX = 960;
/** What tiles leave to the head, the foot and the edges, at usual letters. */
const HEAD_AND_FOOT_PX = 130;
const EDGES_PX = 48;
const SCALE_STEP = 0.02;
const MOST_GROWN = 2;

/** How many tiles fit on a screen that is so large, at the size of its letters (16: as usual), and no more than are needed. */
export function wallGrid(
  widthPx: number,
  heightPx: number,
  remPx = 16,
  devices = Number.POSITIVE_INFINITY,
): WallGrid {
  const scale = remPx / 16;
  const fitting = (roomPx: number, tilePx: number) =>
    Math.max(1, Math.floor((roomPx / scale + GAP_PX) / (tilePx + GAP_PX)));
  const most = { columns: fitting(widthPx, TILE_WIDTH_PX), rows: fitting(heightPx, TILE_HEIGHT_PX) };
  const perPage = Number.isFinite(devices) ? evenly(devices, most.columns * most.rows) : most.columns * most.rows;
  const rows = Math.ceil(perPage / most.columns);
  const tilePx = (heightPx / scale + GAP_PX) / rows - GAP_PX;
  return { columns: Math.ceil(perPage / rows), rows, isTight: tilePx < WHOLE_TILE_PX };
}

/** How many there are on each page when no more than `most` fit, and pages are as full as each other. */
function evenly(devices: number, most: number): number {
  const pages = Math.max(1, Math.ceil(devices / most));
  return Math.max(1, Math.ceil(devices / pages));
}

/** How much larger than usual letters can be on a screen so large: as far as it costs no page and no value of a tile. */
export function wallScale(widthPx: number, heightPx: number, devices: number): number {
  if (widthPx < NEAR_PX) return 1;
  const least = Math.max(1, Math.min(widthPx / USUAL.widthPx, heightPx / USUAL.heightPx));
  const gridAt = (scale: number) =>
    wallGrid(widthPx - EDGES_PX * scale, heightPx - HEAD_AND_FOOT_PX * scale, 16 * scale, devices);
  const first = gridAt(least);
  const isAsGood = ({ columns, rows, isTight }: WallGrid) =>
    columns * rows >= evenly(devices, first.columns * first.rows) && (first.isTight || !isTight);
  let scale = least;
  while (scale + SCALE_STEP <= MOST_GROWN * least && isAsGood(gridAt(scale + SCALE_STEP))) scale += SCALE_STEP;
  return scale;
}

/** The devices page by page, the worst first; those that are alike stay in their order. */
export function wallPages(
  devices: readonly Device[],
  stateOf: (device: Device) => DeviceState,
  { columns, rows }: Pick<WallGrid, "columns" | "rows">,
): Device[][] {
  const rank = (device: Device) => DEVICE_STATES.indexOf(stateOf(device));
  const sorted = [...devices].sort((one, other) => rank(one) - rank(other));
  const size = columns * rows;
  return Array.from({ length: Math.max(1, Math.ceil(sorted.length / size)) }, (_, page) =>
    sorted.slice(page * size, (page + 1) * size),
  );
}
