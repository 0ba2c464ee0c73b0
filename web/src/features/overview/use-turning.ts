import { useCallback, useEffect, useState } from "react";

const TURN_AFTER_MS = 15_000;

/** Pages that turn by themselves until somebody pauses them: the space bar and the arrows do, too. */
export function useTurning(pages: number) {
  const [wanted, setPage] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const page = wanted % Math.max(1, pages);
  const turn = useCallback((by: number) => setPage((before) => (((before + by) % pages) + pages) % pages), [pages]);

  useEffect(() => {
    if (isPaused || pages < 2) return;
    const timer = setInterval(() => turn(1), TURN_AFTER_MS);
    return () => clearInterval(timer);
  }, [isPaused, pages, turn]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLButtonElement) return;
      if (event.key === "ArrowRight") turn(1);
      if (event.key === "ArrowLeft") turn(-1);
      if (event.key === " ") setPaused((before) => !before);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [turn]);

  return { page, turn, isPaused, setPaused };
}
