import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Answer, renderPage } from "@/testing/render-page.tsx";

const page = (script: string) => `<!doctype html><script type="module" src="/assets/${script}"></script>`;

function answers() {
  return new Map<string, Answer>([
    ["/api/sites", { body: [] }],
    ["/api/devices", { body: [] }],
  ]);
}

/** The page at an address, and what the server's start page begins with. */
function opened(path: string, script: string) {
  const view = renderPage(path, answers());
  const ask = globalThis.fetch;
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
    url === "/" ? Promise.resolve(new Response(page(script))) : ask(url, init),
  );
  return view;
}

/** The stream breaks off, and speaks again. */
async function lostAndRegained({ sources, store }: ReturnType<typeof opened>) {
  await waitFor(() => expect(sources.opened).not.toHaveLength(0));
  await act(async () => sources.last().send([]));
  await act(async () => sources.last().fail());
  await act(async () => store.retryNow());
  await act(async () => sources.last().send([]));
}

const mine = document.createElement("script");
beforeEach(() => {
  mine.type = "text/plain";
  mine.setAttribute("src", "/assets/index-old.js");
  document.head.append(mine);
  mine.type = "module"; // only now, so that it is not fetched
});
afterEach(() => mine.remove());

const banner = () => screen.queryByText(/Stripchart was upgraded while this page was open/);

test("who has the page open while the server is upgraded is told so, and may go on", async () => {
  const view = opened("/", "index-new.js");
  const reload = vi.spyOn(window.location, "reload").mockReturnValue();
  await lostAndRegained(view);
  await waitFor(() => expect(banner()).toBeInTheDocument());
  expect(reload).not.toHaveBeenCalled();
  screen.getByRole("button", { name: "Reload page" }).click();
  expect(reload).toHaveBeenCalledOnce();
});

test("a server that was only away has the same page", async () => {
  const view = opened("/", "index-old.js");
  await lostAndRegained(view);
  await waitFor(() => expect(screen.getByLabelText("Server connection")).toHaveTextContent("Live"));
  expect(banner()).not.toBeInTheDocument();
});

test("a screen on a wall takes the new page by itself", async () => {
  const reload = vi.spyOn(window.location, "reload").mockReturnValue();
  const view = opened("/wall", "index-new.js");
  await lostAndRegained(view);
  await waitFor(() => expect(reload).toHaveBeenCalled());
});
