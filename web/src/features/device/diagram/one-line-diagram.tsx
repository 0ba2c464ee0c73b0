import { VisuallyHidden } from "@mantine/core";
import type { DeviceDetail } from "@/api/types.ts";
import { useWords, type Words } from "@/i18n/use-words.ts";
import styles from "./diagram.module.css";
import { BUS_Y, FeedDrawing, type FeedReadings } from "./feed-drawing.tsx";
import { lineLook } from "./line-look.ts";
import { busIsLive, type Feed, feedState } from "./one-line.ts";
import { useRole } from "./use-role.ts";

const WIDTH = 470;
const HEIGHT = 284;
const FEEDS_X = [76, 296] as const;
const LOAD_X = 186;

function useFeed(device: DeviceDetail, feed: Feed) {
  const readings: FeedReadings = {
    voltage: useRole(device, feed.voltage),
    frequency: useRole(device, feed.frequency),
    power: useRole(device, feed.power),
    breaker: useRole(device, feed.breaker),
    state: useRole(device, feed.state),
  };
  const state = feedState({
    breaker: readings.breaker.value,
    voltage: readings.voltage.value,
    power: readings.power.value,
  });
  return { feed, readings, state };
}

type DrawnFeed = ReturnType<typeof useFeed>;

/** Whether something is live, in words: thick and thin lines alone do not say it. */
function liveWords(live: boolean | null, { t }: Words): string {
  return t(live === null ? "diagram.live_unknown" : live ? "diagram.live" : "diagram.dead");
}

/** The drawing as a list, for those who hear it. */
function Told({ feeds, bus }: { feeds: readonly DrawnFeed[]; bus: boolean | null }) {
  const words = useWords();
  const { t } = words;
  return (
    <VisuallyHidden component="ul">
      {feeds.map(({ feed, readings, state }) => (
        <li key={feed.name}>
          {t("diagram.told", {
            name: t(`diagram.${feed.name}`),
            live: liveWords(state.isLive, words),
            breaker: readings.breaker.words ?? "",
            figures: [readings.state, readings.voltage, readings.frequency, readings.power]
              .map((one) => one.words)
              .filter((one) => one !== null)
              .join(", "),
          })}
        </li>
      ))}
      <li>
        {t("diagram.bus")}: {liveWords(bus, words)}
      </li>
    </VisuallyHidden>
  );
}

/** Mains and generator, their breakers, the busbar and the load, as they are now. */
export function OneLineDiagram({ device, left, right }: { device: DeviceDetail; left: Feed; right: Feed }) {
  const words = useWords();
  const { t } = words;
  const feeds = [useFeed(device, left), useFeed(device, right)] as const;
  const bus = busIsLive(feeds.map((feed) => feed.state));
  const load = lineLook(bus, bus ? "in" : "none");
  return (
    <figure className={styles.figure}>
      <svg aria-hidden="true" className={styles.drawing} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        {feeds.map(({ feed, readings, state }, index) => (
          <FeedDrawing feed={feed} key={feed.name} readings={readings} state={state} x={FEEDS_X[index] ?? 0} />
        ))}
        <path className={styles.bus} d={`M28 ${BUS_Y}H${WIDTH - 28}`} data-live={bus ?? "unknown"} />
        <text className={styles.figures} textAnchor="end" x={WIDTH - 28} y={BUS_Y + 22}>
          {t("diagram.bus")}: {liveWords(bus, words)}
        </text>
        <path className={styles.line} d={`M${LOAD_X} ${BUS_Y}V${HEIGHT - 34}`} {...load} />
        <path className={styles.arrow} d={`M${LOAD_X} ${HEIGHT - 22}l-8 -13h16Z`} data-live={bus ?? "unknown"} />
        <text className={styles.figures} x={LOAD_X + 14} y={HEIGHT - 22}>
          {t("diagram.load")}
        </text>
      </svg>
      <Told bus={bus} feeds={feeds} />
    </figure>
  );
}
