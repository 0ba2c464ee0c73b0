import { useState } from "react";
import { download, save } from "@/api/download.ts";

/** A download that is under way. */
export interface Going {
  readonly bytes: number;
  readonly stop: () => void;
}

/** One download at a time, which tells how far it is and can be stopped. */
export function useDownload() {
  const [going, setGoing] = useState<Going | null>(null);
  const [error, setError] = useState<unknown>(null);
  const start = async (address: string) => {
    const control = new AbortController();
    const stop = () => control.abort();
    setError(null);
    setGoing({ bytes: 0, stop });
    try {
      save(await download(address, control.signal, (bytes) => setGoing({ bytes, stop })));
    } catch (failure) {
      if (!control.signal.aborted) setError(failure);
    } finally {
      setGoing(null);
    }
  };
  return { going, error, start, clear: () => setError(null) };
}
