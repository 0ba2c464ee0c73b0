import { CloseButton, TextInput } from "@mantine/core";
import { Icon } from "./icon.tsx";

interface SearchFieldProps {
  label: string;
  hint?: string;
  clear: string;
  value: string;
  onChange: (text: string) => void;
}

export function SearchField({ label, hint, clear, value, onChange }: SearchFieldProps) {
  return (
    <TextInput
      aria-label={label}
      leftSection={<Icon name="search" />}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={hint ?? label}
      rightSection={value && <CloseButton aria-label={clear} onClick={() => onChange("")} size="sm" />}
      type="search"
      value={value}
    />
  );
}
