import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault, Frame, LinkReport } from "@/api/types.ts";
import { saidWords } from "@/components/cause-words.ts";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { framesQuery } from "../queries.ts";
import { frameWords } from "./frame-words.ts";
import styles from "./health.module.css";

const MOST_FRAMES = 40;

function FrameRow({ frame }: { frame: Frame }) {
  const words = useWords();
  const { t, time } = words;
  const at = Date.parse(frame.at);
  const millis = frame.at.slice(20, 23);
  return (
    <tr>
      <td>
        {time(at, "clock")}.{millis}
      </td>
      <td data-sent={frame.sent}>{t(frame.sent ? "line.sent" : "line.received")}</td>
      <td title={frame.meaning}>{frameWords(frame, words)}</td>
      <td className={styles.bytes}>{frame.bytes}</td>
    </tr>
  );
}

interface FaultListProps {
  faults: readonly Fault[];
  chosen: number | null;
  onChoose: (number: number | null) => void;
}

/** What went wrong on the link; the frames around it were kept. */
function FaultList({ faults, chosen, onChoose }: FaultListProps) {
  const words = useWords();
  const { t, since } = words;
  const store = useLiveStore();
  if (faults.length === 0) return <p className={styles.quiet}>{t("line.no_faults")}</p>;
  return (
    <ul aria-label={t("line.faults")} className={styles.faults}>
      {[...faults].reverse().map(({ number, at, cause, reason, unit_id }) => (
        <li key={number}>
          <span className={styles.faultMark}>
            <Icon name="warning" />
          </span>
          <span>
            {since(store.toLocalMs(Date.parse(at)), Date.now())} ·{" "}
            {unit_id !== null && `${t("device.unit_id")} ${unit_id} · `}
            <span title={reason}>{saidWords(cause, reason, words)}</span>
          </span>
          <Button
            aria-pressed={chosen === number}
            onClick={() => onChoose(chosen === number ? null : number)}
            size="compact-xs"
            variant={chosen === number ? "filled" : "default"}
          >
            {t("line.its_frames")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function FrameTable({ frames }: { frames: readonly Frame[] }) {
  const { t } = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <div className={styles.scroller} tabIndex={0}>
      <table aria-label={t("line.frames")} className={styles.frames}>
        <thead>
          <tr>
            <th scope="col">{t("line.time")}</th>
            <th scope="col">{t("line.direction")}</th>
            <th scope="col">{t("line.meaning")}</th>
            <th scope="col">{t("line.bytes")}</th>
          </tr>
        </thead>
        <tbody>
          {frames
            .slice(-MOST_FRAMES)
            .reverse()
            .map((frame) => (
              <FrameRow frame={frame} key={frame.at_ns} />
            ))}
        </tbody>
      </table>
    </div>
  );
}

/** The last bytes on the line and what they mean, or those around a fault. */
export function FramesPanel({ link }: { link: LinkReport }) {
  const { t } = useWords();
  const [fault, setFault] = useState<number | null>(null);
  const [isPaused, setPaused] = useState(false);
  const frames = useQuery(framesQuery(link.link, fault, isPaused));
  const pause = (
    <Button onClick={() => setPaused(!isPaused)} size="compact-sm" variant="default">
      {t(isPaused ? "line.go_on" : "line.pause")}
    </Button>
  );
  return (
    <Panel action={fault === null ? pause : undefined} text={t("line.frames_text")} title={t("line.frames")}>
      <FaultList chosen={fault} faults={link.faults} onChoose={setFault} />
      {frames.isError && !frames.data && <Failed error={frames.error} retry={() => void frames.refetch()} />}
      {frames.data && <FrameTable frames={frames.data} />}
    </Panel>
  );
}
