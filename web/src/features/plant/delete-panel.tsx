import { Button, Radio } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { send } from "@/api/client.ts";
import { devicesQuery, sitesQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./plant.module.css";

/** Removes a device, and what was recorded of it when that is wanted. */
export function DeletePanel({ device }: { device: DeviceDetail }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const [keepsData, setKeepsData] = useState(true);
  const drop = async () => {
    await send("delete", "/api/devices/{device_id}", undefined, { device_id: device.id, keep_data: keepsData });
    // The page of a device that is gone is not asked for again.
    void navigate("/");
    queries.removeQueries({ queryKey: ["devices", device.id] });
    await Promise.all([
      queries.invalidateQueries({ ...devicesQuery, exact: true }),
      queries.invalidateQueries(sitesQuery),
    ]);
  };
  const ask = (
    <Button onClick={() => setAsking(true)} variant="default">
      {t("form.delete")}
    </Button>
  );
  return (
    <Panel action={ask} text={t("wizard.delete_section_text")} title={t("wizard.delete_section")}>
      <Confirm
        action={t("form.delete")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={drop}
        text={t("wizard.delete_section_text")}
        title={t("wizard.delete_title", { name: device.name })}
      >
        <Radio.Group
          label={t("wizard.delete_text")}
          onChange={(choice) => setKeepsData(choice === "keep")}
          value={keepsData ? "keep" : "drop"}
        >
          <div className={styles.choices}>
            <Radio description={t("wizard.keep_data_text")} label={t("wizard.keep_data")} value="keep" />
            <Radio description={t("wizard.drop_data_text")} label={t("wizard.drop_data")} value="drop" />
          </div>
        </Radio.Group>
      </Confirm>
    </Panel>
  );
}
