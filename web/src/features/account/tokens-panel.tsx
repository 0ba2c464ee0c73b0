import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { NewToken, Role } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { Panel } from "@/components/panel.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { MakeToken } from "./make-token.tsx";
import { NewTokenShown } from "./new-token-shown.tsx";
import { tokensQuery } from "./queries.ts";
import { TokenList } from "./token-list.tsx";

export function TokensPanel({ role }: { role: Role }) {
  const { t } = useWords();
  const tokens = useQuery(tokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const show = (token: NewToken) => {
    setMaking(false);
    setMade(token);
  };
  const make = (
    <Button leftSection={<Icon name="plus" />} onClick={() => setMaking(true)} variant="default">
      {t("tokens.add")}
    </Button>
  );
  return (
    <Panel action={make} text={t("tokens.text")} title={t("tokens.title")}>
      {made && <NewTokenShown onDone={() => setMade(null)} token={made} />}
      {tokens.data && <TokenList tokens={tokens.data} />}
      {tokens.isPending && <Skeletons count={2} height={56} label={t("tokens.loading")} layout="list" />}
      {tokens.isError && !tokens.data && <Failed error={tokens.error} retry={() => void tokens.refetch()} />}
      <MakeToken isOpen={isMaking} onClose={() => setMaking(false)} onMade={show} role={role} />
    </Panel>
  );
}
