import type { Latest } from "@/api/types.ts";
import type { Source } from "@/live/stream.ts";

/** An event source that a test speaks through. */
export class FakeSource implements Source {
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  close() {
    this.isClosed = true;
  }

  send(batch: readonly Latest[]) {
    this.onmessage?.({ data: JSON.stringify(batch) });
  }

  fail() {
    this.onerror?.();
  }
}

/** Every source that a store opened, oldest first. */
export function fakeSources() {
  const opened: FakeSource[] = [];
  return {
    opened,
    openSource: (url: string) => {
      const source = new FakeSource(url);
      opened.push(source);
      return source;
    },
    last(): FakeSource {
      const source = opened.at(-1);
      if (!source) throw new Error("no source was opened");
      return source;
    },
  };
}
