import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { ApiError } from "@/api/errors.ts";
import { useChosenZone } from "@/api/use-site-zone.ts";
import { ZoneContext } from "@/i18n/zone-context.ts";
import { shownZone } from "@/lib/zone.ts";
import { LiveContext } from "@/live/live-context.ts";
import type { LiveStore } from "@/live/live-store.ts";
import { theme } from "./theme.ts";

const schemes = localStorageColorSchemeManager({ key: "stripchart-color-scheme" });

/** Answers of the server are final; silence is worth another try. */
function shouldRetry(failures: number, error: Error): boolean {
  return !(error instanceof ApiError && error.status < 500) && failures < 2;
}

export function createQueryClient(): QueryClient {
  // The server may be this very machine: a browser that believes itself offline can still reach it.
  const queries = { retry: shouldRetry, networkMode: "always", staleTime: 5000 } as const;
  return new QueryClient({ defaultOptions: { queries, mutations: { networkMode: "always" } } });
}

/** A network that comes or goes, or a page shown again, is a reason to ask at once whether the stream still lives. */
function useWakeUp(store: LiveStore) {
  useEffect(() => {
    const check = () => store.retryNow();
    const shown = () => {
      if (document.visibilityState === "visible" && store.connection().state !== "live") check();
    };
    window.addEventListener("online", check);
    window.addEventListener("offline", check);
    document.addEventListener("visibilitychange", shown);
    return () => {
      window.removeEventListener("online", check);
      window.removeEventListener("offline", check);
      document.removeEventListener("visibilitychange", shown);
    };
  }, [store]);
}

interface ProvidersProps {
  store: LiveStore;
  queryClient: QueryClient;
  children: ReactNode;
}

export function Providers({ store, queryClient, children }: ProvidersProps) {
  useWakeUp(store);
  const zone = shownZone(useChosenZone());
  return (
    <MantineProvider colorSchemeManager={schemes} defaultColorScheme="auto" theme={theme}>
      <QueryClientProvider client={queryClient}>
        <ZoneContext value={zone}>
          <LiveContext value={store}>{children}</LiveContext>
        </ZoneContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
