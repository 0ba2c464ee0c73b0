import { ActionIcon, Button } from "@mantine/core";
import { Icon, type IconName } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { type Bounds, followingPreset, isFollowing, stepped, type TimeRange, zoomed } from "./time-range.ts";

interface ZoomButtonsProps {
  current: () => Bounds;
  range: TimeRange;
  zone: string;
  onView: (view: Bounds, done: boolean) => void;
  onRange: (range: TimeRange) => void;
}

/** All that the mouse can do, as buttons. */
export function ZoomButtons({ current, range, zone, onView, onRange }: ZoomButtonsProps) {
  const { t } = useWords();
  const store = useLiveStore();
  const step = (direction: -1 | 1) => onRange(stepped(range, direction, store.serverNowMs(), zone));
  const steps = [
    { word: "earlier", icon: "left", act: () => step(-1) },
    { word: "later", icon: "right", act: () => step(1) },
    { word: "zoom_in", icon: "plus", act: () => onView(zoomed(current(), 0.5, 0.5), true) },
    { word: "zoom_out", icon: "minus", act: () => onView(zoomed(current(), 2, 0.5), true) },
  ] as const satisfies readonly { word: string; icon: IconName; act: () => void }[];
  return (
    <>
      {!isFollowing(range) && (
        <Button
          leftSection={<Icon name="live" />}
          onClick={() => onRange({ kind: "last", name: followingPreset(current()) })}
          size="compact-sm"
          variant="light"
        >
          {t("trends.follow")}
        </Button>
      )}
      {steps.map(({ word, icon, act }) => (
        <ActionIcon
          aria-label={t(`trends.${word}`)}
          key={word}
          onClick={act}
          size="md"
          title={t(`trends.${word}`)}
          variant="default"
        >
          <Icon name={icon} />
        </ActionIcon>
      ))}
    </>
  );
}
