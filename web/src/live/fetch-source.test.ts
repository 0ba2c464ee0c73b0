import { afterEach, expect, test, vi } from "vitest";
import { FetchSource } from "./fetch-source.ts";

/** A stream that a test writes to. */
function serverStream(status = 200) {
  let writer: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      writer = controller;
    },
  });
  const seen: { signal?: AbortSignal | null | undefined } = {};
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    seen.signal = init.signal;
    return Promise.resolve(new Response(body, { status }));
  });
  const encoder = new TextEncoder();
  return {
    seen,
    write: (text: string) => writer?.enqueue(encoder.encode(text)),
    end: () => writer?.close(),
  };
}

function listening() {
  const source = new FetchSource("/api/devices/stream");
  const heard: string[] = [];
  const failed = vi.fn();
  source.onmessage = (event) => heard.push(event.data);
  source.onerror = failed;
  return { source, heard, failed };
}

afterEach(() => vi.unstubAllGlobals());

test("events are told one by one, however they were cut on the way", async () => {
  const server = serverStream();
  const { heard } = listening();
  server.write('data: [1]\n\ndata: ["Кот');
  server.write('ёл"]\n');
  server.write("\n: a comment\n\ndata: a\ndata: b\n\n");
  await vi.waitFor(() => expect(heard).toEqual(["[1]", '["Котёл"]', "a\nb"]));
});

test("the end of the stream is an error: it never ends by itself", async () => {
  const server = serverStream();
  const { failed } = listening();
  server.end();
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
});

test("an answer that is no stream is an error", async () => {
  serverStream(503);
  const { failed } = listening();
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
});

test("closing ends the request, and is no error", async () => {
  const server = serverStream();
  const { source, failed } = listening();
  await vi.waitFor(() => expect(server.seen.signal).toBeDefined());
  source.close();
  expect(server.seen.signal?.aborted).toBe(true);
  expect(failed).not.toHaveBeenCalled();
});
