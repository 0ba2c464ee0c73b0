import { useState, useSyncExternalStore } from "react";
import { useWords } from "@/i18n/use-words.ts";
import { seconds } from "@/lib/ticker.ts";
import styles from "./so-far.module.css";

/** What is done within this time needs no words. */
const SAID_AFTER_MS = 2000;

/** Stands beside something that is being done, from the moment it is: says that it still is, and for how long. */
export function SoFar() {
  const { t, age } = useWords();
  const [beganMs] = useState(Date.now);
  const nowMs = useSyncExternalStore(seconds.subscribe, seconds.get);
  if (nowMs - beganMs < SAID_AFTER_MS) return null;
  return (
    <span className={styles.soFar}>
      <span role="status">{t("form.working")}</span>{" "}
      <span aria-hidden="true" className="figures">
        {age(nowMs - beganMs)}
      </span>
    </span>
  );
}
