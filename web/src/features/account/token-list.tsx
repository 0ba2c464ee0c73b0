import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client.ts";
import type { Token } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { tokensQuery } from "./queries.ts";

function useEnd() {
  const { t, time } = useWords();
  return (token: Token) => {
    if (token.expires_at === null) return t("tokens.never");
    const endMs = Date.parse(token.expires_at);
    return endMs < Date.now() ? t("tokens.ended", { time: time(endMs, "date") }) : time(endMs, "date");
  };
}

export function TokenList({ tokens }: { tokens: readonly Token[] }) {
  const { t, time } = useWords();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<Token | null>(null);
  const endOf = useEnd();
  const drop = async () => {
    await send("delete", "/api/tokens/{token_id}", undefined, { token_id: leaving?.id });
    await queries.invalidateQueries(tokensQuery);
  };
  return (
    <>
      <RowList label={t("tokens.title")} none={t("tokens.none")}>
        {tokens.map((token) => (
          <Row
            actions={
              <Button
                aria-label={t("tokens.delete", { name: token.name })}
                onClick={() => setLeaving(token)}
                size="xs"
                variant="default"
              >
                {t("form.delete")}
              </Button>
            }
            facts={[
              [t("tokens.kind"), t(`tokens.${token.kind}`)],
              [t("tokens.role"), t(`role.${token.role}`)],
              [t("tokens.begins"), `${token.hint}…`],
              [t("tokens.made"), time(Date.parse(token.created_at), "date")],
              [t("tokens.ends"), endOf(token)],
            ]}
            key={token.id}
            title={token.name}
          />
        ))}
      </RowList>
      <Confirm
        action={t("form.delete")}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        onConfirm={drop}
        text={t("tokens.delete_text", { name: leaving?.name ?? "" })}
        title={t("tokens.delete_title")}
      />
    </>
  );
}
