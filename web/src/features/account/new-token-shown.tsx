import { Alert, Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import type { NewToken } from "@/api/types.ts";
import { Fields } from "@/components/form.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { copyText } from "@/lib/clipboard.ts";
import styles from "./tokens.module.css";

/** The one time that a token is shown. */
export function NewTokenShown({ token, onDone }: { token: NewToken; onDone: () => void }) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  // A screen needs no more than an address to open.
  const isWall = token.kind === "display";
  const [isCopied, setCopied] = useState(false);
  const take = () => {
    input.current?.select();
    void copyText(input.current?.value ?? "").then(setCopied);
  };
  return (
    <Alert color="ink" role="status" title={t("tokens.once_title")} variant="light">
      <p className={styles.once}>{t("tokens.once_text")}</p>
      <Fields isWide>
        <TextInput
          description={isWall && t("tokens.wall_text")}
          label={isWall ? t("tokens.wall_link") : token.name}
          classNames={{ input: styles.secret ?? "" }}
          onFocus={(event) => event.currentTarget.select()}
          readOnly
          ref={input}
          value={isWall ? `${window.location.origin}/wall#${token.token}` : token.token}
        />
        <div className={styles.actions}>
          <Button onClick={take}>{isCopied ? t("form.copied") : t("form.copy")}</Button>
          <Button onClick={onDone} variant="default">
            {t("tokens.done")}
          </Button>
        </div>
      </Fields>
    </Alert>
  );
}
