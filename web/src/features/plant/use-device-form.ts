import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { send } from "@/api/client.ts";
import { devicesQuery, sitesQuery } from "@/api/queries.ts";
import type { Check, DeviceDetail, Profile } from "@/api/types.ts";
import { useForm } from "@/components/use-form.ts";
import { bodyOf, changeOf, type DeviceDraft, draftOf, FIELDS, newDraft } from "./device-draft.ts";

type Purpose = "check" | "save" | "save_all_the_same";
type Outcome = { kind: "checked"; check: Check } | { kind: "saved"; deviceId: number };

/** What the server reckons of a device, as it would be beside the others of its link. */
function checkOf(draft: DeviceDraft, device: DeviceDetail | null): Promise<Check> {
  return send("post", "/api/devices/check", bodyOf(draft), { device_id: device?.id });
}

function keep(draft: DeviceDraft, device: DeviceDetail | null): Promise<DeviceDetail> {
  if (!device) return send("post", "/api/devices", bodyOf(draft));
  return send("put", "/api/devices/{device_id}", changeOf(draft, draftOf(device)), { device_id: device.id });
}

async function carryOut(draft: DeviceDraft, device: DeviceDetail | null, purpose: Purpose): Promise<Outcome> {
  if (purpose !== "save_all_the_same" && draft.profile) {
    const check = await checkOf(draft, device);
    if (purpose === "check" || check.warnings.length > 0) return { kind: "checked", check };
  }
  return { kind: "saved", deviceId: (await keep(draft, device)).id };
}

/** Saving checks first; a device with something against it is saved only when that was read and wanted all the same. */
export function useDeviceForm(device: DeviceDetail | null, first?: Profile) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm<DeviceDraft, Outcome, Purpose>(
    device ? draftOf(device) : newDraft(first),
    FIELDS,
    (draft, purpose) => carryOut(draft, device, purpose),
    async (outcome) => {
      if (outcome.kind === "checked") return;
      await Promise.all([queries.invalidateQueries(devicesQuery), queries.invalidateQueries(sitesQuery)]);
      await navigate(`/devices/${outcome.deviceId}`);
    },
  );
  const check = form.answer?.kind === "checked" ? form.answer.check : null;
  return { ...form, check, isDoubtful: check !== null && check.warnings.length > 0 };
}

export type DeviceForm = ReturnType<typeof useDeviceForm>;
