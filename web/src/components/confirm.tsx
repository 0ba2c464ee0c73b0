import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./confirm.module.css";
import { Dialog } from "./dialog.tsx";
import { SoFar } from "./so-far.tsx";
import { Wrong } from "./wrong.tsx";

interface ConfirmProps {
  isOpen: boolean;
  title: string;
  text: string;
  action: string;
  /** Does it; what it raises is said here. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something is gone; while it is being done the question stays, so that how it ends is seen. */
export function Confirm({ isOpen, title, text, action, onConfirm, onClose, children }: ConfirmProps) {
  const { t } = useWords();
  const doing = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  const close = () => {
    if (doing.isPending) return;
    doing.reset();
    onClose();
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={title}>
      <div className={styles.body}>
        <p>{text}</p>
        {children}
        {doing.error && <Wrong error={doing.error} />}
        <div className={styles.actions}>
          {doing.isPending && <SoFar />}
          <Button data-autofocus disabled={doing.isPending} onClick={close} variant="default">
            {t("form.cancel")}
          </Button>
          <Button color="red.8" loading={doing.isPending} onClick={() => doing.mutate()}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
