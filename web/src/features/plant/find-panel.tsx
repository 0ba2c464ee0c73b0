import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "react-router";
import { send } from "@/api/client.ts";
import type { FoundPanel, Profile } from "@/api/types.ts";
import { Panel } from "@/components/panel.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { SoFar } from "@/components/so-far.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { takeApart } from "./link-address.ts";
import type { DeviceForm } from "./use-device-form.ts";

/** The broadcast address of the server's network, and the port at which controllers listen. */
const EVERYBODY = { address: "255.255.255.255", port: 1234, wait_s: 3 };

interface FindPanelProps {
  form: DeviceForm;
  profiles: readonly Profile[];
}

/** What can be done with a panel that was found: it is a device already, it becomes one, or it cannot be read. */
function Take({ panel, onTake }: { panel: FoundPanel; onTake: () => void }) {
  const { t } = useWords();
  if (panel.device_id !== null) return <Link to={`/devices/${panel.device_id}`}>{t("wizard.found_known")}</Link>;
  if (panel.needs_firmware) return t("wizard.found_firmware");
  if (panel.profile === null) return t("wizard.found_no_profile", { product: panel.product_id });
  return (
    <Button onClick={onTake} variant="default">
      {t("wizard.found_take")}
    </Button>
  );
}

/** Controllers that answer on the network; taking one fills the form. */
export function FindPanel({ form, profiles }: FindPanelProps) {
  const { t } = useWords();
  const finding = useMutation({ mutationFn: () => send("post", "/api/discover", EVERYBODY) });
  const take = (panel: FoundPanel) => {
    const interval = profiles.find((one) => one.key === panel.profile)?.interval_s;
    form.change({
      profile: panel.profile,
      link: takeApart(panel.link),
      unit_id: String(panel.unit_id),
      ...(form.draft.name.trim() === "" && { name: panel.name || `T3 ${panel.serial}` }),
      ...(interval !== undefined && { interval_s: String(interval) }),
    });
  };
  const find = (
    <Button loading={finding.isPending} onClick={() => finding.mutate()} variant="default">
      {t("wizard.find")}
    </Button>
  );
  return (
    <Panel action={find} text={t("wizard.find_text")} title={t("wizard.find_title")}>
      {finding.isPending && <SoFar />}
      {finding.error && <Wrong error={finding.error} />}
      {finding.data && (
        <RowList facts={3} label={t("wizard.found")} none={t("wizard.found_none")}>
          {finding.data.panels.map((panel) => (
            <Row
              actions={<Take onTake={() => take(panel)} panel={panel} />}
              facts={[
                [t("wizard.serial"), panel.serial],
                [t("device.link"), panel.link],
                [t("device.unit_id"), panel.unit_id],
              ]}
              key={panel.serial}
              title={panel.name || `T3 ${panel.serial}`}
            />
          ))}
        </RowList>
      )}
    </Panel>
  );
}
