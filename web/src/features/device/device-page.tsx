import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { isNotFound } from "@/api/errors.ts";
import { deviceQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { useSiteZone } from "@/api/use-site-zone.ts";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords } from "@/i18n/use-words.ts";
import { ZoneContext } from "@/i18n/zone-context.ts";
import { useHeartbeat, useIsAwaited, useLiveStream, useLiveValue } from "@/live/live-context.ts";
import { DeviceHeader } from "./device-header.tsx";
import { DeviceParts } from "./device-parts.tsx";

function UnknownDevice({ id }: { id: string }) {
  const { t } = useWords();
  useHeartbeat();
  useTitle(t("device.not_found_title", { id }));
  return (
    <Notice icon="unknown" text={t("device.not_found_text")} title={t("device.not_found_title", { id })}>
      <Button component={Link} to="/" variant="default">
        {t("not_found.home")}
      </Button>
    </Notice>
  );
}

/** Whether all values have come: the first batch has those of every point. */
function useIsTold(device: DeviceDetail | undefined): boolean {
  const last = device?.points.at(-1);
  const value = useLiveValue(last?.id ?? -1);
  return device !== undefined && (!device.enabled || last === undefined || value !== undefined);
}

function KnownDevice({ deviceId }: { deviceId: number }) {
  const { t } = useWords();
  const device = useQuery(deviceQuery(deviceId));
  const zone = useSiteZone(device.data ? [device.data.site_id] : []);
  useTitle(device.data?.name ?? t("device.title"));
  const isMissing = isNotFound(device.error);
  useLiveStream(isMissing ? null : `/api/devices/stream?device_id=${deviceId}&values=all`, 1);

  const isAwaited = useIsAwaited(useIsTold(device.data));

  if (isMissing) return <UnknownDevice id={String(deviceId)} />;
  if (device.data && !isAwaited)
    return (
      <ZoneContext value={zone}>
        <DeviceHeader device={device.data} />
        <DeviceParts device={device.data} />
      </ZoneContext>
    );
  if (device.isError) return <Failed error={device.error} retry={() => void device.refetch()} />;
  return <Skeletons count={6} height={120} label={t("device.loading")} layout="list" />;
}

export function DevicePage() {
  const { deviceId = "" } = useParams();
  if (!/^\d{1,9}$/.test(deviceId)) return <UnknownDevice id={deviceId} />;
  return <KnownDevice deviceId={Number(deviceId)} key={deviceId} />;
}
