import { createContext, useContext } from "react";
import { shownZone } from "@/lib/zone.ts";

/** The zone in which times are told here: that of the account or the browser, and inside a site's data the site's. */
export const ZoneContext = createContext(shownZone(""));

export const useZone = () => useContext(ZoneContext);
