import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { send } from "@/api/client.ts";
import type { ProfileSource } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { useWords } from "@/i18n/use-words.ts";

/** Deletes a profile of one's own; the server refuses while devices need it. */
export function DeleteProfile({ file }: { file: ProfileSource }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const drop = async () => {
    await send("delete", "/api/profiles/files/{key}", undefined, { key: file.key });
    queries.removeQueries({ queryKey: ["profiles"] });
    await queries.invalidateQueries({ queryKey: ["devices"] });
    void navigate("/profiles");
  };
  return (
    <>
      <Button onClick={() => setAsking(true)} variant="default">
        {t("form.delete")}
      </Button>
      <Confirm
        action={t("form.delete")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={drop}
        text={file.replaces ? t("profiles.delete_back") : t("profiles.delete_text")}
        title={t("profiles.delete_title", { key: file.key })}
      />
    </>
  );
}
