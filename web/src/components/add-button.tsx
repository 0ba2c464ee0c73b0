import { Button } from "@mantine/core";
import { Icon } from "./icon.tsx";

/** Begins a new thing of a list. */
export function AddButton({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <Button leftSection={<Icon name="plus" />} onClick={onClick}>
      {words}
    </Button>
  );
}
