import { useWords } from "@/i18n/use-words.ts";
import styles from "./diagram.module.css";
import { lineLook } from "./line-look.ts";
import { conducts, type Feed, type FeedState } from "./one-line.ts";
import type { RoleValue } from "./use-role.ts";

/** Where things are, from the top of the drawing down. */
const SOURCE_Y = 48;
const SOURCE_R = 20;
const BREAKER_Y = 142;
const BREAKER_HALF = 13;
export const BUS_Y = 206;
const TEXT_PX = 16;
const LETTERS = 19;

export interface FeedReadings {
  readonly voltage: RoleValue;
  readonly frequency: RoleValue;
  readonly power: RoleValue;
  readonly breaker: RoleValue;
  readonly state: RoleValue;
}

interface FeedDrawingProps {
  feed: Feed;
  state: FeedState;
  readings: FeedReadings;
  x: number;
}

/** A text in at most two lines, broken between words. */
export function inLines(text: string, letters: number): string[] {
  if (text.length <= letters) return [text];
  const cut = text.lastIndexOf(" ", letters);
  if (cut <= 0) return [`${text.slice(0, letters - 1)}…`];
  const rest = text.slice(cut + 1);
  return [text.slice(0, cut), rest.length > letters ? `${rest.slice(0, letters - 1)}…` : rest];
}

function Source({ feed, x }: { feed: Feed; x: number }) {
  if (feed.name === "mains")
    return (
      <g className={styles.symbol}>
        <path
          d={`M${x} ${SOURCE_Y - 20} ${x - 12} ${SOURCE_Y + 20}M${x} ${SOURCE_Y - 20} ${x + 12} ${SOURCE_Y + 20}`}
        />
        <path
          d={`M${x - 16} ${SOURCE_Y - 8}h32M${x - 12} ${SOURCE_Y + 5}h24M${x - 8} ${SOURCE_Y + 5} ${x + 11} ${SOURCE_Y + 18}`}
        />
      </g>
    );
  return (
    <g className={styles.symbol}>
      <circle cx={x} cy={SOURCE_Y} r={SOURCE_R} />
      <text className={styles.letter} textAnchor="middle" x={x} y={SOURCE_Y - 5}>
        G
      </text>
      <path d={`M${x - 8} ${SOURCE_Y + 9}c2.7-5 5.3-5 8 0s5.3 5 8 0`} />
    </g>
  );
}

/** A breaker as its sign: a stroke through the box is closed, a stroke to the side is open. */
function BreakerSign({ state, x }: { state: FeedState; x: number }) {
  const closed = conducts(state.breaker);
  const isMoving = state.breaker === "closing" || state.breaker === "opening";
  return (
    <g className={styles.breaker} data-closed={closed ?? "unknown"} data-moving={isMoving}>
      <rect height={2 * BREAKER_HALF} width={2 * BREAKER_HALF} x={x - BREAKER_HALF} y={BREAKER_Y - BREAKER_HALF} />
      {closed === null ? (
        <text className={styles.letter} textAnchor="middle" x={x} y={BREAKER_Y + 1}>
          ?
        </text>
      ) : (
        <path d={closed ? `M${x} ${BREAKER_Y - 9}v18` : `M${x} ${BREAKER_Y + 9}L${x + 9} ${BREAKER_Y - 7}`} />
      )}
    </g>
  );
}

function Arrow({ x, y, isDown }: { x: number; y: number; isDown: boolean }) {
  const tip = isDown ? y + 6 : y - 6;
  const base = isDown ? y - 5 : y + 5;
  return <path className={styles.arrow} d={`M${x} ${tip}L${x - 7} ${base}H${x + 7}Z`} />;
}

function Texts({ lines, x, y }: { lines: readonly (string | null)[]; x: number; y: number }) {
  const told = lines.filter((line) => line !== null).flatMap((line) => inLines(line, LETTERS));
  return (
    <text className={styles.figures} x={x} y={y}>
      {told.map((line, index) => (
        <tspan dy={index === 0 ? 0 : TEXT_PX} key={line} x={x}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

/** From a source through its breaker to the busbar, with what is measured on it. */
export function FeedDrawing({ feed, state, readings, x }: FeedDrawingProps) {
  const { t } = useWords();
  const closed = conducts(state.breaker);
  const below = closed ? state.isLive : closed === null ? null : false;
  const { voltage, frequency, power, breaker } = readings;
  return (
    <g>
      <text className={styles.title} textAnchor="middle" x={x} y={16}>
        {t(`diagram.${feed.name}`)}
      </text>
      <Source feed={feed} x={x} />
      <path
        className={styles.line}
        d={`M${x} ${SOURCE_Y + SOURCE_R}V${BREAKER_Y - BREAKER_HALF}`}
        {...lineLook(state.isLive, state.flow)}
      />
      <path
        className={styles.line}
        d={`M${x} ${BREAKER_Y + BREAKER_HALF}V${BUS_Y}`}
        {...lineLook(below, state.flow)}
      />
      <BreakerSign state={state} x={x} />
      {(state.flow === "in" || state.flow === "out") && (
        <Arrow isDown={state.flow === "in"} x={x} y={(BREAKER_Y + BUS_Y + BREAKER_HALF) / 2} />
      )}
      <Texts lines={[voltage.words, frequency.words, power.words]} x={x + 28} y={SOURCE_Y + 8} />
      <Texts lines={[breaker.words]} x={x + 22} y={BREAKER_Y + 4} />
    </g>
  );
}
