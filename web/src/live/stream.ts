export type ConnectionState = "idle" | "connecting" | "live" | "reconnecting" | "lost";

export interface Connection {
  readonly state: ConnectionState;
  /** When this state of affairs began: the first batch, or the moment the stream went silent. */
  readonly sinceMs: number;
  readonly retryAtMs: number | null;
}

/** Where events come from, as EventSource has it; tests bring their own. */
export interface Source {
  onmessage: ((event: { data: string }) => void) | null;
  onerror: (() => void) | null;
  close(): void;
}

export interface StreamParts<Item> {
  openSource: (url: string) => Source;
  /** What an event says; null when it is not what was expected, and the stream is broken. */
  parse: (data: string) => readonly Item[] | null;
  onBatch: (batch: readonly Item[]) => void;
  onConnection: (connection: Connection) => void;
  now: () => number;
  random: () => number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const LOST_AFTER_MS = 30_000;

/** Waits double up to 30 s; the jitter keeps a wall of screens from knocking all at once. */
export function waitMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16));
  return Math.round(full * (0.5 + random / 2));
}

const live = (sinceMs: number): Connection => ({ state: "live", sinceMs, retryAtMs: null });

/**
 * One stream of batches that never gives up.
 *
 * A source that errs, or stays silent for longer than `silenceMs`, is closed and opened anew for as long as the
 * stream is not closed.
 */
export class Stream<Item> {
  readonly #url: string;
  readonly #silenceMs: number;
  readonly #parts: StreamParts<Item>;
  #source: Source | null = null;
  #isLive = false;
  #attempt = 0;
  #brokenAtMs: number | null = null;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, silenceMs: number, parts: StreamParts<Item>) {
    this.#url = url;
    this.#silenceMs = silenceMs;
    this.#parts = parts;
    parts.onConnection({ state: "connecting", sinceMs: parts.now(), retryAtMs: null });
    this.retryNow();
  }

  /** Try at once: the network came back, or a person asked. A live source is replaced by a fresh one. */
  retryNow() {
    this.close();
    const source = this.#parts.openSource(this.#url);
    source.onmessage = (event) => this.#receive(event.data);
    source.onerror = () => this.#fail();
    this.#source = source;
    this.#watch();
  }

  close() {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#retry);
    if (!this.#source) return;
    this.#source.onmessage = null;
    this.#source.onerror = null;
    this.#source.close();
    this.#source = null;
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#fail(), this.#silenceMs);
  }

  #receive(data: string) {
    const batch = this.#parts.parse(data);
    if (!batch) {
      this.#fail();
      return;
    }
    this.#watch();
    if (!this.#isLive) this.#parts.onConnection(live(this.#parts.now()));
    this.#isLive = true;
    this.#brokenAtMs = null;
    this.#attempt = 0;
    this.#parts.onBatch(batch);
  }

  #fail() {
    this.close();
    const { now, random, onConnection } = this.#parts;
    this.#isLive = false;
    this.#brokenAtMs ??= now();
    const wait = waitMs(this.#attempt, random());
    this.#attempt += 1;
    const state = now() - this.#brokenAtMs >= LOST_AFTER_MS ? "lost" : "reconnecting";
    onConnection({ state, sinceMs: this.#brokenAtMs, retryAtMs: now() + wait });
    this.#retry = setTimeout(() => this.retryNow(), wait);
  }
}

/** A list as JSON; the server's own description says of what. */
export function parseBatch<Item>(data: string): readonly Item[] | null {
  try {
    const batch: unknown = JSON.parse(data);
    return Array.isArray(batch) ? (batch as readonly Item[]) : null;
  } catch {
    return null;
  }
}
