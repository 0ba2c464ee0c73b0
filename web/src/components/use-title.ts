import { useEffect } from "react";

/** The name of the view in the browser's tab. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · Stripchart` : "Stripchart";
  }, [title]);
}
