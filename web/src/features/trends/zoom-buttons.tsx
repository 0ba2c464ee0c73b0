import { ActionIcon, Button, CopyButton } from "@mantine/core";
import { Icon, type IconName } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { type Bounds, followingPreset, panned, type TimeRange, zoomed } from "./time-range.ts";
import styles from "./trends.module.css";

interface ZoomButtonsProps {
  view: Bounds;
  range: TimeRange;
  onView: (view: Bounds, done: boolean) => void;
  onRange: (range: TimeRange) => void;
}

const STEPS = [
  { word: "earlier", icon: "left", change: (view: Bounds) => panned(view, -0.5) },
  { word: "later", icon: "right", change: (view: Bounds) => panned(view, 0.5) },
  { word: "zoom_in", icon: "plus", change: (view: Bounds) => zoomed(view, 0.5, 0.5) },
  { word: "zoom_out", icon: "minus", change: (view: Bounds) => zoomed(view, 2, 0.5) },
] as const satisfies readonly { word: string; icon: IconName; change: (view: Bounds) => Bounds }[];

/** All that the mouse can do, as buttons; and a link to send. */
export function ZoomButtons({ view, range, onView, onRange }: ZoomButtonsProps) {
  const { t } = useWords();
  return (
    <div className={styles.zoom}>
      {range.kind === "between" && (
        <Button
          leftSection={<Icon name="live" />}
          onClick={() => onRange({ kind: "last", name: followingPreset(view) })}
          size="compact-sm"
          variant="light"
        >
          {t("trends.follow")}
        </Button>
      )}
      {STEPS.map(({ word, icon, change }) => (
        <ActionIcon
          aria-label={t(`trends.${word}`)}
          key={word}
          onClick={() => onView(change(view), true)}
          size="md"
          title={t(`trends.${word}`)}
          variant="default"
        >
          <Icon name={icon} />
        </ActionIcon>
      ))}
      <CopyButton value={window.location.href}>
        {({ copied, copy }) => (
          <Button
            leftSection={<Icon name={copied ? "good" : "link"} />}
            onClick={copy}
            size="compact-sm"
            variant="default"
          >
            {t(copied ? "trends.copied" : "trends.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
