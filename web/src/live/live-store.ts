import type { DeviceStatus, Latest, Quality, Reason, Value } from "@/api/types.ts";
import { Bell } from "./bell.ts";
import { FetchSource } from "./fetch-source.ts";
import { type Connection, type Source, Stream } from "./stream.ts";

/** One point as last heard. Times are on this browser's clock, so that an age is right when the clocks differ. */
export interface LiveValue {
  readonly value: number | null;
  /** Of a string point; or the digits of a whole number that `value` only comes near to. */
  readonly text: string | null;
  readonly quality: Quality;
  readonly reason: Reason | null;
  readonly atMs: number | null;
  readonly lastGoodValue: number | null;
  readonly lastGoodText: string | null;
  readonly lastGoodAtMs: number | null;
  /** The server's own time of the sample, to tell a new one from the same one sent again. */
  readonly at: string | null;
}

export interface LiveDevice {
  readonly status: DeviceStatus;
  readonly statusSinceMs: number;
  readonly error: string | null;
  readonly readAtMs: number | null;
  readonly pointIds: ReadonlyMap<string, number>;
}

export interface StoreParts {
  openSource: (url: string) => Source;
  nextFrame: (run: () => void) => void;
  now: () => number;
  random: () => number;
}

const HEARD_LATELY_MS = 3000;
const IDLE: Connection = { state: "idle", sinceMs: 0, retryAtMs: null };

function browserParts(): StoreParts {
  return {
    openSource: (url) => new FetchSource(url),
    nextFrame: (run) => requestAnimationFrame(run),
    now: Date.now,
    random: Math.random,
  };
}

function sameValue(known: LiveValue, next: Value): boolean {
  return (
    known.at === next.at &&
    known.value === next.value &&
    known.text === next.text &&
    known.quality === next.quality &&
    known.reason === next.reason &&
    known.lastGoodValue === next.last_good_value &&
    known.lastGoodText === next.last_good_text
  );
}

function sameDevice(known: LiveDevice, next: LiveDevice): boolean {
  return (
    known.status === next.status &&
    known.statusSinceMs === next.statusSinceMs &&
    known.error === next.error &&
    known.readAtMs === next.readAtMs &&
    known.pointIds === next.pointIds
  );
}

function agedAtMs(nowMs: number, ageS: number | null): number | null {
  return ageS === null ? null : nowMs - ageS * 1000;
}

function samePoints(known: ReadonlyMap<string, number>, values: readonly Value[]): boolean {
  return known.size === values.length && values.every((value) => known.get(value.key) === value.point_id);
}

/** How far the server's clock is ahead of ours, from any value that has both a time and an age. */
function clockOffsetMs(batch: readonly Latest[], nowMs: number): number | null {
  for (const device of batch)
    for (const value of device.values)
      if (value.at !== null && value.age_s !== null) return Date.parse(value.at) + value.age_s * 1000 - nowMs;
  return null;
}

function liveValue(value: Value, nowMs: number): LiveValue {
  return {
    value: value.value,
    text: value.text,
    quality: value.quality,
    reason: value.reason,
    at: value.at,
    atMs: agedAtMs(nowMs, value.age_s),
    lastGoodValue: value.last_good_value,
    lastGoodText: value.last_good_text,
    lastGoodAtMs: agedAtMs(nowMs, value.last_good_age_s),
  };
}

function liveDevice(latest: Latest, known: LiveDevice | undefined): LiveDevice {
  return {
    status: latest.status,
    statusSinceMs: Date.parse(latest.status_since),
    error: latest.error,
    readAtMs: latest.timestamp === null ? null : Date.parse(latest.timestamp),
    pointIds:
      known && samePoints(known.pointIds, latest.values)
        ? known.pointIds
        : new Map(latest.values.map((value) => [value.key, value.point_id])),
  };
}

/** What the plant says now, for the view that is open. Plain TypeScript; a component listens to its own point only. */
export class LiveStore {
  readonly #parts: StoreParts;
  readonly #bell: Bell;
  readonly #values = new Map<number, LiveValue>();
  readonly #devices = new Map<number, LiveDevice>();
  #statuses: ReadonlyMap<number, DeviceStatus> = new Map();
  #connection = IDLE;
  #offsetMs = 0;
  #heardMs = Number.NEGATIVE_INFINITY;
  #stream: Stream | null = null;

  constructor(given: Partial<StoreParts> = {}) {
    this.#parts = { ...browserParts(), ...given };
    this.#bell = new Bell(this.#parts.nextFrame);
  }

  /** One stream per view: opening another closes the first. */
  open(url: string, silenceMs: number) {
    this.close();
    const { openSource, now, random } = this.#parts;
    // A server heard a moment ago is not called lost because the view changed; the new stream's watchdog is running.
    const wasHeard = now() - this.#heardMs < HEARD_LATELY_MS;
    this.#stream = new Stream(url, silenceMs, {
      openSource,
      now,
      random,
      onBatch: (batch) => this.#accept(batch),
      onConnection: (connection) => {
        const isChange = connection.state === "connecting" && wasHeard;
        this.#setConnection(isChange ? { ...connection, state: "live" } : connection);
      },
    });
  }

  close() {
    this.#stream?.close();
    this.#stream = null;
    this.#setConnection(IDLE);
  }

  retryNow() {
    this.#stream?.retryNow();
  }

  value = (pointId: number) => this.#values.get(pointId);
  device = (deviceId: number) => this.#devices.get(deviceId);
  statuses = () => this.#statuses;
  connection = () => this.#connection;

  /** When the last batch came. */
  heardMs = () => this.#heardMs;

  /** The server's clock, in this browser's best knowledge. */
  serverNowMs = () => this.#parts.now() + this.#offsetMs;

  /** A time of the server on this browser's clock. */
  toLocalMs = (serverMs: number) => serverMs - this.#offsetMs;

  onPoint = (pointId: number, listener: () => void) => this.#bell.listen(`point/${pointId}`, listener);
  onDevice = (deviceId: number, listener: () => void) => this.#bell.listen(`device/${deviceId}`, listener);
  onStatuses = (listener: () => void) => this.#bell.listen("statuses", listener);
  onConnection = (listener: () => void) => this.#bell.listen("connection", listener);

  #setConnection(connection: Connection) {
    this.#connection = connection;
    this.#bell.ring("connection");
  }

  #accept(batch: readonly Latest[]) {
    const nowMs = this.#parts.now();
    this.#heardMs = nowMs;
    this.#offsetMs = clockOffsetMs(batch, nowMs) ?? this.#offsetMs;
    for (const latest of batch) {
      this.#acceptDevice(latest);
      for (const value of latest.values) this.#acceptValue(value, nowMs);
    }
  }

  #acceptValue(value: Value, nowMs: number) {
    const known = this.#values.get(value.point_id);
    if (known && sameValue(known, value)) return;
    this.#values.set(value.point_id, liveValue(value, nowMs));
    this.#bell.ring(`point/${value.point_id}`);
  }

  #acceptDevice(latest: Latest) {
    const known = this.#devices.get(latest.device_id);
    const next = liveDevice(latest, known);
    if (known && sameDevice(known, next)) return;
    this.#devices.set(latest.device_id, next);
    this.#bell.ring(`device/${latest.device_id}`);
    if (known?.status === next.status) return;
    this.#statuses = new Map(this.#statuses).set(latest.device_id, next.status);
    this.#bell.ring("statuses");
  }
}
