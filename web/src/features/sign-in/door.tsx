import { Alert, Button } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { ApiError } from "@/api/errors.ts";
import { errorWords } from "@/components/error-words.ts";
import { Logo } from "@/components/logo.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords, type Words } from "@/i18n/use-words.ts";
import styles from "./door.module.css";

function reasonOf(error: unknown, words: Words): string {
  const code = error instanceof ApiError ? error.code : null;
  if (code === "wrong_credentials") return words.t("sign_in.wrong");
  if (code === "invalid_link") return words.t("set_up.bad_link");
  return errorWords(error, words);
}

interface DoorProps {
  title: string;
  text?: string;
  action: string;
  /** Lets in, or raises what is wrong. */
  open: () => Promise<void>;
  /** What is wrong already before the server is asked; empty when nothing is. */
  check?: () => string;
  tools: ReactNode;
  children: ReactNode;
}

/** A form in the middle of an empty page: sign in, or make the owner. */
export function Door({ title, text, action, open, check, tools, children }: DoorProps) {
  const words = useWords();
  const [wrong, setWrong] = useState("");
  const [isBusy, setBusy] = useState(false);
  useTitle(title);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const problem = check?.() ?? "";
    setWrong(problem);
    if (problem) return;
    setBusy(true);
    try {
      await open();
    } catch (error) {
      setWrong(reasonOf(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className={styles.door}>
      <form className={styles.card} onSubmit={submit}>
        <div className={styles.head}>
          <Logo size={32} />
          <h1>{title}</h1>
        </div>
        {text && <p>{text}</p>}
        {children}
        {wrong && (
          <Alert color="red" role="alert" variant="light">
            {wrong}
          </Alert>
        )}
        <Button loading={isBusy} type="submit">
          {action}
        </Button>
        <div className={styles.foot}>{tools}</div>
      </form>
    </main>
  );
}
