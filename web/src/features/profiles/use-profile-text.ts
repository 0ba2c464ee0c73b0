import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { send } from "@/api/client.ts";
import type { ProfileSource } from "@/api/types.ts";
import { checkQuery, profileSourceQuery } from "./queries.ts";
import { usePaused } from "./use-paused.ts";

/** Saves under the key that the text itself has. */
function useSaving(file: ProfileSource | null, onSaved: (saved: ProfileSource) => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ key, source }: { key: string; source: string }) =>
      send("put", "/api/profiles/files/{key}", { source }, { key }),
    onSuccess: async (saved) => {
      queries.setQueryData(profileSourceQuery(saved.key).queryKey, saved);
      onSaved(saved);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["profiles"], refetchType: "none" }),
        queries.invalidateQueries({ queryKey: ["devices"] }),
      ]);
      if (saved.key !== file?.key) void navigate(`/profiles/${saved.key}`, { replace: true });
    },
  });
}

/** The text of a profile while it is edited: what is wrong with it, whether it differs, and the way to save it. */
export function useProfileText(file: ProfileSource | null, first: string, isAdmin: boolean) {
  const [text, setText] = useState(first);
  const [kept, setKept] = useState(file?.source ?? "");
  const paused = usePaused(text);
  const check = useQuery({ ...checkQuery(paused), enabled: isAdmin && paused.trim() !== "" });
  const saving = useSaving(file, (saved) => setKept(saved.source));
  const isChecked = paused === text && !check.isFetching;
  const good = isChecked && check.data?.key != null ? check.data : null;
  return {
    text,
    good,
    saving,
    checkError: check.error,
    problems: (isAdmin ? check.data?.problems : file?.problems) ?? [],
    isChanged: text !== kept && !saving.isPending,
    change: (next: string) => {
      saving.reset();
      setText(next);
    },
    save: () => {
      if (good?.key) saving.mutate({ key: good.key, source: text });
    },
  };
}

export type ProfileText = ReturnType<typeof useProfileText>;
