import { session } from "@/api/session.ts";
import type { Source } from "./stream.ts";

/**
 * Server-sent events over fetch: unlike EventSource it can send the token in a header, where no log keeps it.
 *
 * Understands what our server sends: events of `data` lines, ended by an empty line (WHATWG HTML, clause 9.2.6).
 */
export class FetchSource implements Source {
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #abort = new AbortController();

  constructor(url: string) {
    void this.#run(url);
  }

  close() {
    this.#abort.abort();
  }

  async #run(url: string) {
    try {
      const response = await session.fetch(url, {
        signal: this.#abort.signal,
        headers: { Accept: "text/event-stream" },
        cache: "no-store",
      });
      if (response.ok && response.body) await this.#read(response.body);
    } catch {
      // Closed by us, or the server went away; either way there is nothing more to come.
    }
    if (!this.#abort.signal.aborted) this.onerror?.();
  }

  async #read(body: ReadableStream<Uint8Array>) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let waiting: string[] = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const piece = decoder.decode(value, { stream: true });
      waiting.push(piece);
      // A large event comes in many pieces, none of which but the last has a line that ends.
      if (!piece.includes("\n")) continue;
      const events = waiting.join("").split("\n\n");
      waiting = [events.pop() ?? ""];
      for (const event of events) this.#tell(event);
    }
  }

  #tell(event: string) {
    const data = event
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice(5).replace(/^ /, ""));
    if (data.length > 0) this.onmessage?.({ data: data.join("\n") });
  }
}
