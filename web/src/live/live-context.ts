import { createContext, use, useEffect, useState, useSyncExternalStore } from "react";
import { seconds } from "@/lib/ticker.ts";
import type { LiveStore } from "./live-store.ts";

export const LiveContext = createContext<LiveStore | null>(null);

export function useLiveStore(): LiveStore {
  const store = use(LiveContext);
  if (!store) throw new Error("LiveContext is missing above this component");
  return store;
}

/** Silence longer than three batches, and never less than five seconds, means that the stream is dead. */
function silenceMs(intervalS: number): number {
  return Math.max(5000, 3000 * intervalS + 2000);
}

export const HEARTBEAT_PATH = "/api/devices/stream?values=overview";

/** A tab that is looked at again so soon has not missed anything. */
const HIDDEN_FOR_MS = 15_000;

/** False once the page has been hidden for a while, and while a tab that was opened behind was never looked at. */
function useIsInView(): boolean {
  const [isInView, setInView] = useState(() => document.visibilityState !== "hidden");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") timer = setTimeout(() => setInView(false), HIDDEN_FOR_MS);
      else setInView(true);
    };
    document.addEventListener("visibilitychange", follow);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", follow);
    };
  }, []);
  return isInView;
}

/**
 * Keeps one stream open while the view is on the page; null waits with it.
 *
 * Not in hidden tabs: a browser has six connections to one server, and they would leave none for the tab in view.
 */
export function useLiveStream(path: string | null, intervalS: number) {
  const store = useLiveStore();
  const isInView = useIsInView();
  useEffect(() => {
    if (path === null || !isInView) return;
    store.open(`${path}&interval_s=${intervalS}`, silenceMs(intervalS));
    return () => store.close();
  }, [store, path, intervalS, isInView]);
}

/** For views without values of their own: the shell still says whether the server is there. */
export function useHeartbeat() {
  useLiveStream(HEARTBEAT_PATH, 5);
}

export function useLiveValue(pointId: number) {
  const store = useLiveStore();
  return useSyncExternalStore(
    (listener) => store.onPoint(pointId, listener),
    () => store.value(pointId),
  );
}

export function useLiveDevice(deviceId: number) {
  const store = useLiveStore();
  return useSyncExternalStore(
    (listener) => store.onDevice(deviceId, listener),
    () => store.device(deviceId),
  );
}

/** As useLiveDevice, but a new reading alone is no reason to draw again. */
export function useLiveStanding(deviceId: number) {
  const store = useLiveStore();
  return useSyncExternalStore(
    (listener) => store.onStanding(deviceId, listener),
    () => store.standing(deviceId),
  );
}

export function useLiveStates() {
  const store = useLiveStore();
  return useSyncExternalStore(store.onStates, store.states);
}

export function useConnection() {
  const store = useLiveStore();
  return useSyncExternalStore(store.onConnection, store.connection);
}

/** Whether the server has been silent for so long that nothing is known of now. */
export function useIsSilent(): boolean {
  const { state } = useConnection();
  return state === "reconnecting" || state === "lost";
}

/**
 * Whether the stream's first word is still worth waiting for; `isTold` once it has come.
 *
 * What is shown before it would call devices normal whose alarms are not yet known, and would jump when they are.
 */
export function useIsAwaited(isTold: boolean): boolean {
  const { firstWordMs } = useLiveStore();
  const isSilent = useIsSilent();
  const [isLate, setLate] = useState(firstWordMs === 0);
  useEffect(() => {
    if (isTold || isLate) return;
    const timer = setTimeout(() => setLate(true), firstWordMs);
    return () => clearTimeout(timer);
  }, [isTold, isLate, firstWordMs]);
  return !isTold && !isLate && !isSilent;
}

/** This browser's clock, once a second, from the one timer that the page has. */
export function useNow(): number {
  return useSyncExternalStore(seconds.subscribe, seconds.get);
}
