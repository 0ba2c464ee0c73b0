import { useLayoutEffect, useRef, useState } from "react";

/** How wide an element is, known before it is painted for the first time. */
export function useWidth<Element extends HTMLElement>() {
  const ref = useRef<Element>(null);
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidthPx(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, widthPx };
}
