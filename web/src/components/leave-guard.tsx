import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./confirm.module.css";
import { Dialog } from "./dialog.tsx";

/** Asks before what was typed and not saved is lost. */
export function LeaveGuard({ isChanged }: { isChanged: boolean }) {
  const { t } = useWords();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    return isChanged && currentLocation.pathname !== nextLocation.pathname;
  });
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isChanged]);
  return (
    <Dialog isOpen={blocker.state === "blocked"} onClose={() => blocker.reset?.()} title={t("form.leave_title")}>
      <div className={styles.body}>
        <p>{t("form.leave_text")}</p>
        <div className={styles.actions}>
          <Button data-autofocus onClick={() => blocker.reset?.()} variant="default">
            {t("form.cancel")}
          </Button>
          <Button color="red.8" onClick={() => blocker.proceed?.()}>
            {t("form.leave")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
