import { useQuery } from "@tanstack/react-query";
import { linksQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "../device-tabs.module.css";
import { AnswersPanel } from "./answers-panel.tsx";
import { FramesPanel } from "./frames-panel.tsx";
import { LinkPanel } from "./link-panel.tsx";
import { PlanPanel } from "./plan-panel.tsx";

const LOOKED_AT_POLL_MS = 2000;

/** How the device and the link before it do, how it is read, and what went over the line last. */
export function DeviceHealth({ device }: { device: DeviceDetail }) {
  const { t } = useWords();
  const links = useQuery({ ...linksQuery, refetchInterval: LOOKED_AT_POLL_MS });
  const link = links.data?.find((one) => one.link === device.link);
  const unit = link?.units.find((one) => one.unit_id === device.unit_id);
  const mayTrace = useReaches("read_only");
  if (links.isError && !links.data) return <Failed error={links.error} retry={() => void links.refetch()} />;
  if (links.isPending) return <Skeletons count={3} height={160} label={t("device.loading")} layout="list" />;
  return (
    <div className={styles.stack}>
      <AnswersPanel device={device} unit={unit} />
      {link ? (
        <LinkPanel link={link} />
      ) : (
        <Notice icon="offline" text={t("line.no_link_text")} title={t("line.no_link_title")} />
      )}
      <PlanPanel device={device} />
      {link && mayTrace && <FramesPanel link={link} />}
    </div>
  );
}
