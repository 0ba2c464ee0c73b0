import { Skeleton, VisuallyHidden } from "@mantine/core";
import styles from "./skeletons.module.css";

interface SkeletonsProps {
  label: string;
  count: number;
  /** In pixels, or as CSS has it. */
  height: number | string;
  layout: "grid" | "list";
}

/** Grey shapes where the data will be, and a word for those who cannot see them. */
export function Skeletons({ label, count, height, layout }: SkeletonsProps) {
  return (
    <div className={layout === "grid" ? styles.grid : styles.list} role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes are all alike and never move
        <Skeleton height={height} key={index} radius="md" />
      ))}
    </div>
  );
}
