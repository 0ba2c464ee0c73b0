import { send } from "@/api/client.ts";
import type { Token } from "@/api/types.ts";
import { Row, RowList } from "@/components/row-list.tsx";
import { DeleteButton, useDeletion } from "@/components/use-deletion.tsx";
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
  const endOf = useEnd();
  const deletion = useDeletion<Token>({
    stale: tokensQuery,
    drop: ({ id }) => send("delete", "/api/tokens/{token_id}", undefined, { token_id: id }),
    title: t("tokens.delete_title"),
    text: (token) => t("tokens.delete_text", { name: token?.name ?? "" }),
  });
  return (
    <>
      <RowList facts={5} label={t("tokens.title")} none={t("tokens.none")}>
        {tokens.map((token) => (
          <Row
            actions={
              <DeleteButton label={t("tokens.delete", { name: token.name })} onClick={() => deletion.ask(token)} />
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
      {deletion.question}
    </>
  );
}
