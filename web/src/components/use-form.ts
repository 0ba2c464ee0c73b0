import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { faultsOf } from "@/api/faults.ts";

/**
 * A half-typed form: what stands in it, what the server said about it, and the way to send it.
 *
 * `fault(name)` are the words for a field, `whole` is the error when it is not only about fields. A change of a
 * field takes its complaint away.
 */
export function useForm<Draft extends object, Answer>(
  initial: Draft,
  names: readonly string[],
  save: (draft: Draft) => Promise<Answer>,
  onSaved: (answer: Answer) => void = () => {},
) {
  const [draft, setDraft] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const sending = useMutation({ mutationFn: save, onSuccess: onSaved });
  const faults = faultsOf(sending.error, names);
  return {
    draft,
    isBusy: sending.isPending,
    isSaved: sending.isSuccess && touched.size === 0,
    whole: faults.isWhole ? sending.error : null,
    fault: (name: string) => (touched.has(name) ? undefined : faults.at[name]),
    /** `names`: the fields of the server that the change is about, where they have other names. */
    change: (change: Partial<Draft>, ...about: string[]) => {
      setDraft((before) => ({ ...before, ...change }));
      setTouched((before) => new Set([...before, ...Object.keys(change), ...about]));
    },
    submit: () => {
      setTouched(new Set());
      sending.mutate(draft);
    },
    /** Empty again, as after something was made. */
    restart: () => {
      setDraft(initial);
      setTouched(new Set());
    },
  };
}
