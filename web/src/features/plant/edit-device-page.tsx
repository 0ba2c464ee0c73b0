import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { deviceQuery } from "@/api/queries.ts";
import { useReaches } from "@/api/use-session.ts";
import { NotYours } from "@/components/not-yours.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Unanswered } from "@/components/unanswered.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { DeletePanel } from "./delete-panel.tsx";
import { TestPanel } from "./test-panel.tsx";
import { WithChoices } from "./with-choices.tsx";

function EditDevice({ deviceId }: { deviceId: number }) {
  const { t } = useWords();
  const device = useQuery(deviceQuery(deviceId));
  if (!device.data) return <Unanswered loading={t("device.loading")} query={device} title={t("device.title")} />;
  return (
    <SettingsPage title={t("wizard.edit_title", { name: device.data.name })}>
      <WithChoices device={device.data}>
        <TestPanel device={device.data} />
        <DeletePanel device={device.data} />
      </WithChoices>
    </SettingsPage>
  );
}

export function EditDevicePage() {
  const { deviceId = "" } = useParams();
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <EditDevice deviceId={Number(deviceId)} key={deviceId} /> : <NotYours />;
}
