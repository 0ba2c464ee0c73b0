import { Radio } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client.ts";
import type { TrendLog } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { trendLogsQuery } from "./queries.ts";
import styles from "./trend-logs.module.css";

/** Asks what becomes of the samples, and deletes the log; null: none is to go. */
export function DeleteTrendLog({ log, onClose }: { log: TrendLog | null; onClose: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [keepsData, setKeepsData] = useState(true);
  const drop = async () => {
    const query = { trend_log_id: log?.id, keep_data: keepsData };
    await send("delete", "/api/history/trend-logs/{trend_log_id}", undefined, query);
    await queries.invalidateQueries(trendLogsQuery);
  };
  return (
    <Confirm
      action={t("form.delete")}
      isOpen={log !== null}
      onClose={onClose}
      onConfirm={drop}
      text={t("trend_logs.delete_text")}
      title={t("trend_logs.delete_title", { name: log?.name ?? "" })}
    >
      <Radio.Group
        aria-label={t("trend_logs.delete_text")}
        onChange={(choice) => setKeepsData(choice === "keep")}
        value={keepsData ? "keep" : "drop"}
      >
        <div className={styles.choices}>
          <Radio label={t("trend_logs.keep")} value="keep" />
          <Radio label={t("trend_logs.drop")} value="drop" />
        </div>
      </Radio.Group>
    </Confirm>
  );
}
