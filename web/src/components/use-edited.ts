import { useState } from "react";

/** Which thing of a list is being changed in a dialog; null in an open one is a new thing. */
export function useEdited<Thing>() {
  const [edited, setEdited] = useState<Thing | null>(null);
  const [isOpen, setOpen] = useState(false);
  return {
    edited,
    isOpen,
    open: (thing: Thing | null) => {
      // What was edited stays until the dialog is gone from view.
      setEdited(thing);
      setOpen(true);
    },
    close: () => setOpen(false),
  };
}
