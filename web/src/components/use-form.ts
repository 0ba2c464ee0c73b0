import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { faultsOf } from "@/api/faults.ts";
import { useWords } from "@/i18n/use-words.ts";
import { faultWords } from "./fault-words.ts";

/**
 * A half-typed form: what stands in it, what the server said about it, and the way to send it.
 *
 * `fault(name)` are the words for a field, `whole` is the error when it is not only about fields. A change of a
 * field takes its complaint away. Where a form can be sent for more than one purpose, `save` is told which.
 */
export function useForm<Draft extends object, Answer, Purpose extends string = "save">(
  initial: Draft,
  names: readonly string[],
  save: (draft: Draft, purpose: Purpose) => Promise<Answer>,
  onSaved: (answer: Answer) => unknown = () => {},
) {
  const words = useWords();
  const [start] = useState(initial);
  const [draft, setDraft] = useState(start);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const sending = useMutation({
    mutationFn: (sent: { draft: Draft; purpose: Purpose }) => save(sent.draft, sent.purpose),
    onSuccess: onSaved,
  });
  const faults = faultsOf(sending.error, names);
  const isUntouched = touched.size === 0;
  return {
    draft,
    /** Something stands in it that is not kept anywhere. */
    isChanged: !sending.isPending && JSON.stringify(draft) !== JSON.stringify(start),
    isBusy: sending.isPending,
    busyWith: sending.isPending ? sending.variables.purpose : null,
    isSaved: sending.isSuccess && isUntouched,
    /** What the server answered, until something is changed. */
    answer: isUntouched ? sending.data : undefined,
    whole: faults.isWhole ? sending.error : null,
    fault: (name: string) => {
      const fault = touched.has(name) ? undefined : faults.at[name];
      return fault && faultWords(fault, words);
    },
    /** `about`: the fields of the server that the change concerns, where they have other names. */
    change: (change: Partial<Draft>, ...about: string[]) => {
      setDraft((before) => ({ ...before, ...change }));
      setTouched((before) => new Set([...before, ...Object.keys(change), ...about]));
    },
    submit: (purpose: Purpose) => {
      setTouched(new Set());
      sending.mutate({ draft, purpose });
    },
    /** Empty again, as after something was made. */
    restart: () => {
      setDraft(initial);
      setTouched(new Set());
    },
  };
}
