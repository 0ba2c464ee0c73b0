import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Unanswered } from "./unanswered.tsx";

interface AnsweredProps<Data> {
  query: UseQueryResult<Data>;
  title: string;
  /** Said while the answer is waited for. */
  loading: string;
  children: (data: Data) => ReactNode;
}

/** The faces of a page that stands and falls with one question: asking, failed, and what was answered. */
export function Answered<Data>({ query, title, loading, children }: AnsweredProps<Data>) {
  if (query.data === undefined) return <Unanswered loading={loading} query={query} title={title} />;
  return children(query.data);
}
