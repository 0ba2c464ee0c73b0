import { QueryClient } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { vi } from "vitest";
import { session } from "@/api/session.ts";
import type { Latest, User } from "@/api/types.ts";
import { Providers } from "@/app/providers.tsx";
import { routes } from "@/app/router.tsx";
import { LiveStore } from "@/live/live-store.ts";
import { fakeSources } from "./fake-source.ts";

export type Answer = { status?: number; body: unknown } | "unreachable" | "never";

function respond(answer: Answer | undefined): Promise<Response> {
  if (answer === "never") return new Promise(() => {});
  if (answer !== undefined && answer !== "unreachable" && answer.status === 204)
    return Promise.resolve(new Response(null, { status: 204 }));
  if (answer === "unreachable") return Promise.reject(new TypeError("fetch failed"));
  if (!answer)
    return respond({
      status: 404,
      body: { error: { code: "not_found", message: "not found", fields: [], facts: {} } },
    });
  return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 }));
}

/** Somebody who may look at everything. */
export const OLGA = { user_id: 1, username: "olga", role: "owner", language: "en", zone: "" } as const;

/** What the page asked the server to change. */
interface Sent {
  method: string;
  url: string;
  body: unknown;
}

/**
 * The whole page at an address, seen by a user (null: nobody signed in yet), over answers by path, or by method and
 * path ("POST /api/sites"); the map may be changed while the test runs.
 */
export function renderPage(path: string, answers: Map<string, Answer>, user: User | null = OLGA) {
  session.restart(user && { access_token: "token", token_type: "bearer", refresh_token: null, user });
  const asked: string[] = [];
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
    const { method = "GET", body } = init;
    const path = url.split("?")[0] ?? "";
    // The bell of the header asks on every page; a test that does not care for it need not answer.
    if (path.startsWith("/api/notifications/") && !answers.has(path) && method === "GET") return respond("never");
    asked.push(url);
    if (method !== "GET") sent.push({ method, url, body: typeof body === "string" ? JSON.parse(body) : undefined });
    return respond(answers.get(`${method} ${path}`) ?? answers.get(path));
  });
  const sources = fakeSources();
  const store = new LiveStore({
    openSource: sources.openSource,
    nextFrame: (run) => queueMicrotask(run),
    firstWordMs: 0,
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const view = render(
    <Providers queryClient={queryClient} store={store}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return {
    ...view,
    asked,
    sent,
    sources,
    router,
    store,
    async send(...batch: Latest[]) {
      await act(async () => sources.last().send(batch));
    },
  };
}
