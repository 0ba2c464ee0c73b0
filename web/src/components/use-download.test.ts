import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useDownload } from "./use-download.ts";

const saved: string[] = [];

/** A server that gives a file piece by piece, as a test says, until it is left. */
function serving() {
  let pieces: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      pieces = controller;
    },
  });
  vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
    signal?.addEventListener("abort", () => pieces?.error(signal.reason));
    const headers = { "Content-Disposition": 'attachment; filename="audit.csv"' };
    return Promise.resolve(new Response(body, { headers }));
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  return { send: (bytes: number) => pieces?.enqueue(new Uint8Array(bytes)), end: () => pieces?.close() };
}

afterEach(() => {
  vi.unstubAllGlobals();
  saved.length = 0;
});

test("a download tells how much of it has come, and is kept under the server's name when it is whole", async () => {
  const server = serving();
  const { result } = renderHook(useDownload);
  act(() => void result.current.start("/api/audit/export"));
  expect(result.current.going?.bytes).toBe(0);
  server.send(700);
  server.send(300);
  await waitFor(() => expect(result.current.going?.bytes).toBe(1000));
  expect(saved).toEqual([]);
  server.end();
  await waitFor(() => expect(result.current.going).toBeNull());
  expect(saved).toEqual(["audit.csv"]);
});

test("a download that is stopped keeps nothing, and is no failure", async () => {
  const server = serving();
  const { result } = renderHook(useDownload);
  act(() => void result.current.start("/api/audit/export"));
  server.send(1000);
  await waitFor(() => expect(result.current.going?.bytes).toBe(1000));
  act(() => result.current.going?.stop());
  await waitFor(() => expect(result.current.going).toBeNull());
  expect(result.current.error).toBeNull();
  expect(saved).toEqual([]);
});
