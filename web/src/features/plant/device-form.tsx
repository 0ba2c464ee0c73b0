import { Button, TextInput } from "@mantine/core";
import { useRef } from "react";
import type { DeviceDetail, Profile, Site } from "@/api/types.ts";
import { Fields, Form } from "@/components/form.tsx";
import { LeaveGuard } from "@/components/leave-guard.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { CheckPanel } from "./check-panel.tsx";
import { FindPanel } from "./find-panel.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { useDeviceForm } from "./use-device-form.ts";
import { WhatPanel } from "./what-panel.tsx";
import { WherePanel } from "./where-panel.tsx";

interface DeviceFormProps {
  /** The device to change; null makes a new one. */
  device: DeviceDetail | null;
  /** A profile to begin with; empty for none. */
  first?: string;
  profiles: readonly Profile[];
  sites: readonly Site[];
}

/** What a device is, where it is, and how often it is read; checked before it is saved. */
export function DeviceForm({ device, first = "", profiles, sites }: DeviceFormProps) {
  const { t, span } = useWords();
  const form = useDeviceForm(
    device,
    profiles.find((one) => one.key === first),
  );
  const place = useRef<HTMLDivElement>(null);
  const profile = profiles.find((one) => one.key === form.draft.profile);
  const proposal = profile ? t("wizard.interval_profile", { span: span(1000 * profile.interval_s) }) : "";
  const check = () => {
    if (place.current?.closest("form")?.reportValidity()) form.submit("check");
  };
  return (
    <Form
      action={form.isDoubtful ? t("wizard.save_all_the_same") : t("form.save")}
      error={form.whole}
      isBusy={form.isBusy && form.busyWith !== "check"}
      more={
        <Button loading={form.busyWith === "check"} onClick={check} variant="default">
          {t("wizard.check")}
        </Button>
      }
      onSubmit={() => form.submit(form.isDoubtful ? "save_all_the_same" : "save")}
    >
      {device === null && <FindPanel form={form} profiles={profiles} />}
      <WhatPanel form={form} isNew={device === null} profiles={profiles} sites={sites} />
      <WherePanel form={form} />
      <Panel title={t("wizard.how")}>
        <Fields>
          <TextInput
            autoComplete="off"
            description={[t("wizard.interval_text"), proposal].join(" ")}
            error={form.fault("interval_s")}
            inputMode="decimal"
            label={t("wizard.interval")}
            onChange={(event) => form.change({ interval_s: event.currentTarget.value })}
            required
            value={form.draft.interval_s}
            withAsterisk={false}
          />
        </Fields>
      </Panel>
      <PreviewPanel draft={form.draft} sites={sites} />
      <LeaveGuard isChanged={form.isChanged} />
      <div ref={place}>{form.check && <CheckPanel check={form.check} />}</div>
    </Form>
  );
}
