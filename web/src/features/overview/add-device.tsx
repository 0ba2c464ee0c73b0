import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useReaches } from "@/api/use-session.ts";
import { Icon } from "@/components/icon.tsx";

/** The way to a new device, for those who may make one. */
export function AddDevice({ words }: { words: string }) {
  if (!useReaches("admin")) return null;
  return (
    <Button component={Link} leftSection={<Icon name="plus" />} to="/devices/new">
      {words}
    </Button>
  );
}
