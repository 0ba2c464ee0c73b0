import type { UseQueryResult } from "@tanstack/react-query";
import { Failed } from "./failed.tsx";
import { SettingsPage } from "./settings-page.tsx";
import { Skeletons } from "./skeletons.tsx";

const ROWS = 3;
const ROW_PX = 64;

interface UnansweredProps {
  query: UseQueryResult<unknown>;
  title: string;
  /** Said while the answer is waited for. */
  loading: string;
}

/** The faces of a page of settings without an answer: it is waited for, or there is none, and why. */
export function Unanswered({ query, title, loading }: UnansweredProps) {
  return (
    <SettingsPage title={title}>
      {query.isPending && <Skeletons count={ROWS} height={ROW_PX} label={loading} layout="list" />}
      {query.error && <Failed error={query.error} retry={() => void query.refetch()} />}
    </SettingsPage>
  );
}
