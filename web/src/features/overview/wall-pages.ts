import type { Device } from "@/api/types.ts";
import { DEVICE_STATES, type DeviceState } from "@/components/device-state.ts";

const TILE_WIDTH_PX = 320;
const TILE_HEIGHT_PX = 330;
const GAP_PX = 14;
/** Holds six values and some alarms. */
const WHOLE_TILE_PX = 430;

export interface WallGrid {
  readonly columns: number;
  readonly rows: number;
  /** There is room for the most important values and alarms alone. */
  readonly isTight: boolean;
}

/** How many tiles fit on a screen that is so large, at the size of its letters (16: as usual). */
export function wallGrid(widthPx: number, heightPx: number, remPx = 16): WallGrid {
  const scale = remPx / 16;
  const fitting = (roomPx: number, tilePx: number) =>
    Math.max(1, Math.floor((roomPx / scale + GAP_PX) / (tilePx + GAP_PX)));
  const rows = fitting(heightPx, TILE_HEIGHT_PX);
  const tilePx = (heightPx / scale + GAP_PX) / rows - GAP_PX;
  return { columns: fitting(widthPx, TILE_WIDTH_PX), rows, isTight: tilePx < WHOLE_TILE_PX };
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
