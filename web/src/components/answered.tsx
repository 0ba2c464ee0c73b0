import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed } from "./failed.tsx";
import { SettingsPage } from "./settings-page.tsx";
import { Skeletons } from "./skeletons.tsx";

const ROWS = 3;
const ROW_PX = 64;

interface AnsweredProps<Data> {
  query: UseQueryResult<Data>;
  title: string;
  /** Said while the answer is waited for. */
  loading: string;
  children: (data: Data) => ReactNode;
}

/** The faces of a page that stands and falls with one question: asking, failed, and what was answered. */
export function Answered<Data>({ query, title, loading, children }: AnsweredProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  return (
    <SettingsPage title={title}>
      {query.isPending && <Skeletons count={ROWS} height={ROW_PX} label={loading} layout="list" />}
      {query.error && <Failed error={query.error} retry={() => void query.refetch()} />}
    </SettingsPage>
  );
}
