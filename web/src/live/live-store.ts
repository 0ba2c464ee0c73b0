import type { Alert, Latest, Quality, Reason, Value } from "@/api/types.ts";
import { type DeviceState, stateOf } from "@/components/device-state.ts";
import { Bell } from "./bell.ts";
import { FetchSource } from "./fetch-source.ts";
import { type LiveDevice, liveDevice, sameStanding } from "./live-device.ts";
import { type Connection, parseBatch, type Source, Stream } from "./stream.ts";

/** One point as last heard. Times are on this browser's clock, so that an age is right when the clocks differ. */
export interface LiveValue {
  readonly value: number | null;
  /** Of a string point; or the digits of a whole number that `value` only comes near to. */
  readonly text: string | null;
  readonly quality: Quality;
  readonly reason: Reason | null;
  /** What it is by the thresholds of its point; null when that cannot be told. */
  readonly alert: Alert | null;
  readonly atMs: number | null;
  readonly lastGoodValue: number | null;
  readonly lastGoodText: string | null;
  readonly lastGoodAtMs: number | null;
  /** The server's own time of the sample, to tell a new one from the same one sent again. */
  readonly at: string | null;
}

export interface StoreParts {
  openSource: (url: string) => Source;
  nextFrame: (run: () => void) => void;
  now: () => number;
  random: () => number;
  /** How long a view waits for the stream's first word before it shows what it knows without it. */
  firstWordMs: number;
}

const HEARD_LATELY_MS = 3000;
const IDLE: Connection = { state: "idle", sinceMs: 0, retryAtMs: null };

function browserParts(): StoreParts {
  return {
    openSource: (url) => new FetchSource(url),
    nextFrame: (run) => requestAnimationFrame(run),
    now: Date.now,
    random: Math.random,
    firstWordMs: 1000,
  };
}

function sameValue(known: LiveValue, next: Value): boolean {
  return (
    known.at === next.at &&
    known.value === next.value &&
    known.text === next.text &&
    known.quality === next.quality &&
    known.reason === next.reason &&
    known.alert === next.alert &&
    known.lastGoodValue === next.last_good_value &&
    known.lastGoodText === next.last_good_text
  );
}

function agedAtMs(nowMs: number, ageS: number | null): number | null {
  return ageS === null ? null : nowMs - ageS * 1000;
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
    alert: value.alert,
    at: value.at,
    atMs: agedAtMs(nowMs, value.age_s),
    lastGoodValue: value.last_good_value,
    lastGoodText: value.last_good_text,
    lastGoodAtMs: agedAtMs(nowMs, value.last_good_age_s),
  };
}

/** What the plant says now, for the view that is open. Plain TypeScript; a component listens to its own point only. */
export class LiveStore {
  readonly #parts: StoreParts;
  readonly #bell: Bell;
  readonly #values = new Map<number, LiveValue>();
  readonly #devices = new Map<number, LiveDevice>();
  #states: ReadonlyMap<number, DeviceState> = new Map();
  readonly #standings = new Map<number, LiveDevice>();
  #connection = IDLE;
  #offsetMs = 0;
  #heardMs = Number.NEGATIVE_INFINITY;
  #stream: Stream<Latest> | null = null;

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
      parse: parseBatch<Latest>,
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

  get firstWordMs() {
    return this.#parts.firstWordMs;
  }

  value = (pointId: number) => this.#values.get(pointId);
  device = (deviceId: number) => this.#devices.get(deviceId);
  /** The device as it was when it last changed otherwise than by being read. */
  standing = (deviceId: number) => this.#standings.get(deviceId);
  states = () => this.#states;
  connection = () => this.#connection;

  /** When the last batch came. */
  heardMs = () => this.#heardMs;

  /** The server's clock, in this browser's best knowledge. */
  serverNowMs = () => this.#parts.now() + this.#offsetMs;

  /** A time of the server on this browser's clock. */
  toLocalMs = (serverMs: number) => serverMs - this.#offsetMs;

  onPoint = (pointId: number, listener: () => void) => this.#bell.listen(`point/${pointId}`, listener);
  onDevice = (deviceId: number, listener: () => void) => this.#bell.listen(`device/${deviceId}`, listener);
  /** As onDevice, but not for a new reading alone. */
  onStanding = (deviceId: number, listener: () => void) => this.#bell.listen(`standing/${deviceId}`, listener);
  onStates = (listener: () => void) => this.#bell.listen("states", listener);
  onConnection = (listener: () => void) => this.#bell.listen("connection", listener);

  #setConnection(connection: Connection) {
    this.#connection = connection;
    this.#bell.ring("connection");
  }

  #accept(batch: readonly Latest[]) {
    const nowMs = this.#parts.now();
    this.#heardMs = nowMs;
    this.#offsetMs = clockOffsetMs(batch, nowMs) ?? this.#offsetMs;
    const changed = new Map<number, DeviceState>();
    for (const latest of batch) {
      if (this.#acceptDevice(latest)) changed.set(latest.device_id, stateOf(latest.status, latest.alert));
      for (const value of latest.values) this.#acceptValue(value, nowMs);
    }
    this.#acceptStates(changed);
  }

  #acceptStates(changed: ReadonlyMap<number, DeviceState>) {
    if ([...changed].every(([id, state]) => this.#states.get(id) === state)) return;
    this.#states = new Map([...this.#states, ...changed]);
    this.#bell.ring("states");
  }

  #acceptValue(value: Value, nowMs: number) {
    const known = this.#values.get(value.point_id);
    if (known && sameValue(known, value)) return;
    this.#values.set(value.point_id, liveValue(value, nowMs));
    this.#bell.ring(`point/${value.point_id}`);
  }

  /** Whether anything of it changed but when it was read. */
  #acceptDevice(latest: Latest): boolean {
    const id = latest.device_id;
    const known = this.#devices.get(id);
    const next = liveDevice(latest, known);
    const isSame = known !== undefined && sameStanding(known, next);
    if (isSame && known.readAtMs === next.readAtMs) return false;
    this.#devices.set(id, next);
    this.#bell.ring(`device/${id}`);
    if (isSame) return false;
    this.#standings.set(id, next);
    this.#bell.ring(`standing/${id}`);
    return true;
  }
}
