import { CloseButton, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icon.tsx";

interface SearchFieldProps {
  label: string;
  hint?: string;
  clear: string;
  /** Has the focus when the dialog opens that it is in; not where keys would come up and cover what there is to choose. */
  isFirst?: boolean;
  value: string;
  onChange: (text: string) => void;
}

function hasKeysOnScreen(): boolean {
  return window.matchMedia("(pointer: coarse)").matches;
}

/**
 * A search field over a value that may come back late, as one in the address does.
 *
 * While it has the focus the text is its own: otherwise a late echo would take back letters, and break the
 * composition of Chinese input.
 */
export function SearchField({ label, hint, clear, isFirst, value, onChange }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  useEffect(() => {
    if (document.activeElement !== input.current) setText(value);
  }, [value]);

  const change = (next: string) => {
    setText(next);
    onChange(next);
  };
  return (
    <TextInput
      aria-label={label}
      data-autofocus={(isFirst && !hasKeysOnScreen()) || undefined}
      leftSection={<Icon name="search" />}
      onChange={(event) => change(event.currentTarget.value)}
      placeholder={hint ?? label}
      ref={input}
      rightSection={text && <CloseButton aria-label={clear} onClick={() => change("")} size="sm" />}
      type="search"
      value={text}
    />
  );
}
