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
  if (answer === "unreachable") return Promise.reject(new TypeError("fetch failed"));
  if (!answer)
    return respond({ status: 404, body: { error: { code: "not_found", message: "not found", fields: [] } } });
  return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 }));
}

/** Somebody who may look at everything. */
export const OLGA = { user_id: 1, username: "olga", role: "owner", language: "en", zone: "UTC" } as const;

/** The whole page at an address, seen by a user (null: nobody signed in yet), over answers by path; the map may be changed while the test runs. */
export function renderPage(path: string, answers: Map<string, Answer>, user: User | null = OLGA) {
  session.restart(user && { access_token: "token", token_type: "bearer", refresh_token: null, user });
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return respond(answers.get(url.split("?")[0] ?? ""));
  });
  const sources = fakeSources();
  const store = new LiveStore({ openSource: sources.openSource, nextFrame: (run) => queueMicrotask(run) });
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
    sources,
    router,
    store,
    async send(...batch: Latest[]) {
      await act(async () => sources.last().send(batch));
    },
  };
}
