type Listener = () => void;

/** Of so many topics are listeners told in one frame: what they draw fits into it, so that a page that moves goes on moving. */
const MOST_A_FRAME = 40;

/** Listeners by topic, told once however many samples came in between; of a burst of topics in a few frames, in turn. */
export class Bell {
  readonly #nextFrame: (run: () => void) => void;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #rung = new Set<string>();

  constructor(nextFrame: (run: () => void) => void) {
    this.#nextFrame = nextFrame;
  }

  ring(topic: string) {
    if (!this.#listeners.has(topic)) return;
    if (this.#rung.size === 0) this.#nextFrame(() => this.#flush());
    this.#rung.add(topic);
  }

  listen(topic: string, listener: Listener) {
    const known = this.#listeners.get(topic) ?? new Set();
    known.add(listener);
    this.#listeners.set(topic, known);
    return () => {
      known.delete(listener);
      if (known.size === 0 && this.#listeners.get(topic) === known) this.#listeners.delete(topic);
    };
  }

  #flush() {
    const topics = [...this.#rung].slice(0, MOST_A_FRAME);
    for (const topic of topics) this.#rung.delete(topic);
    if (this.#rung.size > 0) this.#nextFrame(() => this.#flush());
    for (const topic of topics) for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
  }
}
