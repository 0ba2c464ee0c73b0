import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client.ts";
import type { Previewed, Site } from "@/api/types.ts";
import { saidWords } from "@/components/cause-words.ts";
import { Icon } from "@/components/icon.tsx";
import { Panel } from "@/components/panel.tsx";
import { SoFar } from "@/components/so-far.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { Age } from "@/live/age.tsx";
import { bodyOf, type DeviceDraft, isReachable } from "./device-draft.ts";
import styles from "./plant.module.css";

const AGAIN_AFTER_MS = 3000;
const NAMELESS = "preview";

function Value({ previewed }: { previewed: Previewed }) {
  const words = useWords();
  const { t, text, line } = words;
  const { value, error, cause, reason } = previewed;
  const isBad = error !== null || (value === null && previewed.text === null);
  const told = value === null ? (previewed.text ?? t("quality.bad")) : line(previewed, value);
  return (
    <div data-bad={isBad}>
      <dt>{text(previewed.name, previewed.key)}</dt>
      <dd>
        <Icon name={isBad ? "bad" : "good"} size={15} /> {error === null ? told : saidWords(cause, error, words)}
        {isBad && error === null && reason && <small>{t(`reason.${reason}`)}</small>}
      </dd>
    </div>
  );
}

/** A read again every few seconds, for as long as the draft stays the same. */
function usePreview(draft: DeviceDraft, sites: readonly Site[]) {
  const [wanted, setWanted] = useState<string | null>(null);
  const body = {
    ...bodyOf(draft),
    name: draft.name.trim() || NAMELESS,
    site_id: Number(draft.site_id ?? sites[0]?.id ?? 0) || null,
  };
  const { interval_s: _, description: __, name: ___, ...where } = body;
  const key = JSON.stringify(where);
  const isOn = wanted === key;
  const reading = useQuery({
    queryKey: ["device-preview", key],
    queryFn: () => send("post", "/api/devices/preview", { ...body, interval_s: 10 }),
    enabled: isOn,
    refetchInterval: AGAIN_AFTER_MS,
    retry: false,
    gcTime: 0,
  });
  return { reading, isOn, start: () => setWanted(key), stop: () => setWanted(null) };
}

/** The values of a device before it is saved: whether it is there, and whether it is what it is taken for. */
export function PreviewPanel({ draft, sites }: { draft: DeviceDraft; sites: readonly Site[] }) {
  const { t } = useWords();
  const { reading, isOn, start, stop } = usePreview(draft, sites);
  const canRead = isReachable(draft);
  const isBegun = isOn && reading.isPending;
  const action = (
    <Button
      disabled={!canRead}
      leftSection={isBegun && <Loader size={14} />}
      onClick={isOn ? stop : start}
      variant="default"
    >
      {isOn ? t("wizard.preview_stop") : t("wizard.preview")}
    </Button>
  );
  return (
    <Panel action={action} text={t("wizard.preview_text")} title={t("wizard.preview_title")}>
      <div aria-live="polite">
        {!canRead && <p className={styles.note}>{t("wizard.preview_none")}</p>}
        {isBegun && <SoFar />}
        {isOn && reading.error && <Wrong error={reading.error} />}
        {isOn && reading.data && (
          <>
            <dl aria-label={t("wizard.preview_list")} className={styles.preview}>
              {reading.data.map((previewed) => (
                <Value key={previewed.key} previewed={previewed} />
              ))}
            </dl>
            <p aria-hidden="true" className={styles.note}>
              <Age ago atMs={reading.dataUpdatedAt} />
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}
