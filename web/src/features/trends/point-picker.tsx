import { Button, Modal, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { devicesQuery, sitesQuery } from "@/api/queries.ts";
import { SearchField } from "@/components/search-field.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { type ChartPoint, MOST_AXES, MOST_POINTS } from "./chart-points.ts";
import { PickerList } from "./picker-list.tsx";
import styles from "./trends.module.css";

interface PointPickerProps {
  isOpen: boolean;
  chosen: readonly PointRef[];
  drawn: readonly ChartPoint[];
  onToggle: (ref: PointRef) => void;
  onClose: () => void;
}

function useDeviceChoices() {
  const sites = useQuery(sitesQuery).data ?? [];
  const devices = useQuery(devicesQuery).data ?? [];
  return sites.map((site) => ({
    group: site.code,
    items: devices
      .filter((device) => device.site_id === site.id)
      .map((device) => ({ value: String(device.id), label: device.name })),
  }));
}

function PickerBody({ chosen, drawn, onToggle, onClose }: PointPickerProps) {
  const { t } = useWords();
  const choices = useDeviceChoices();
  const [picked, setPicked] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const first = String(chosen[0]?.deviceId ?? choices[0]?.items[0]?.value ?? "");
  const deviceId = picked ?? first;
  return (
    <>
      <Select
        allowDeselect={false}
        data={choices}
        label={t("trends.picker_device")}
        mb="sm"
        onChange={setPicked}
        searchable
        value={deviceId}
      />
      <SearchField
        clear={t("overview.clear")}
        isFirst
        label={t("trends.picker_search")}
        onChange={setQuery}
        value={query}
      />
      {deviceId && (
        <PickerList chosen={chosen} deviceId={Number(deviceId)} drawn={drawn} onToggle={onToggle} query={query} />
      )}
      <p className={styles.limit}>{t("trends.picker_limit", { points: MOST_POINTS, units: MOST_AXES })}</p>
      <Button fullWidth mt="md" onClick={onClose}>
        {t("trends.done")}
      </Button>
    </>
  );
}

/** Device, then its points; a tick is in the chart at once. */
export function PointPicker(props: PointPickerProps) {
  const { t } = useWords();
  const isPhone = useMediaQuery("(max-width: 40rem)") ?? false;
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("trends.close") }}
      fullScreen={isPhone}
      onClose={props.onClose}
      opened={props.isOpen}
      title={t("trends.picker_title")}
    >
      <PickerBody {...props} />
    </Modal>
  );
}
