import { useEffect, useRef, useState } from "react";
import { isOutdated } from "@/lib/build.ts";
import { useConnection } from "@/live/live-context.ts";

/** A tab that slept while the server was upgraded has not seen it go away. */
const LOOK_EVERY_MS = 600_000;

/** Whether the server was upgraded while the page was open; looked at when the stream comes back. */
export function useOutdated(): boolean {
  const { state } = useConnection();
  const [isOld, setOld] = useState(false);
  const looked = useRef({ atMs: Date.now(), wasAway: false });
  useEffect(() => {
    const last = looked.current;
    if (state === "reconnecting" || state === "lost") last.wasAway = true;
    if (state !== "live" || !(last.wasAway || Date.now() - last.atMs > LOOK_EVERY_MS)) return;
    looked.current = { atMs: Date.now(), wasAway: false };
    void isOutdated().then(setOld);
  }, [state]);
  return isOld;
}
