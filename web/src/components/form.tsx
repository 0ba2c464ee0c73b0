import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import styles from "./form.module.css";
import { Icon } from "./icon.tsx";
import { SoFar } from "./so-far.tsx";
import { Wrong } from "./wrong.tsx";

interface FormProps {
  action: string;
  /** Said after it was done, until something is changed again; empty for nothing. */
  done?: string;
  isBusy: boolean;
  /** What is wrong with the whole; null when nothing is. */
  error: unknown;
  onSubmit: () => void;
  /** What stands beside the button that sends. */
  more?: ReactNode;
  children: ReactNode;
}

/** Fields, what is wrong with them all together, and the button that sends them. */
export function Form({ action, done = "", isBusy, error, onSubmit, more, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form in a dialog is a child of the form behind it, as events go.
    event.stopPropagation();
    onSubmit();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {children}
      {error !== null && <Wrong error={error} />}
      <div className={styles.actions}>
        <Button loading={isBusy} type="submit">
          {action}
        </Button>
        {more}
        {isBusy && <SoFar />}
        <span aria-live="polite" className={styles.done}>
          {done && (
            <>
              <Icon name="good" /> {done}
            </>
          )}
        </span>
      </div>
    </form>
  );
}

/** Fields beside each other where there is room; wide ones in two columns at most. */
export function Fields({ isWide = false, children }: { isWide?: boolean; children: ReactNode }) {
  return (
    <div className={styles.fields} data-wide={isWide}>
      {children}
    </div>
  );
}
