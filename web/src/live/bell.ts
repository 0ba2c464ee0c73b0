type Listener = () => void;

/** Listeners by topic, told once a frame however many samples came in between. */
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
    const topics = [...this.#rung];
    this.#rung.clear();
    for (const topic of topics) for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
  }
}
