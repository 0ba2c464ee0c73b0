import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Outdated } from "./outdated.tsx";
import { Unanswered } from "./unanswered.tsx";

interface AnsweredProps<Data> {
  query: UseQueryResult<Data>;
  title: string;
  /** Said while the answer is waited for. */
  loading: string;
  children: (data: Data) => ReactNode;
}

/** The faces of a page that stands and falls with one question: asking, failed, and what was answered, now or before. */
export function Answered<Data>({ query, title, loading, children }: AnsweredProps<Data>) {
  if (query.data === undefined) return <Unanswered loading={loading} query={query} title={title} />;
  return (
    <>
      <Outdated query={query} />
      {children(query.data)}
    </>
  );
}
