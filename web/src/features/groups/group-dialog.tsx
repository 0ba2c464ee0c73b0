import { MultiSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import { groupsQuery } from "@/api/queries.ts";
import type { Device, GroupDetail } from "@/api/types.ts";
import { Dialog } from "@/components/dialog.tsx";
import { Form } from "@/components/form.tsx";
import { TextField } from "@/components/text-field.tsx";
import { useForm } from "@/components/use-form.ts";
import { useWords } from "@/i18n/use-words.ts";

interface GroupFormProps {
  /** The group to change; null makes a new one. */
  group: GroupDetail | null;
  devices: readonly Device[];
  onSaved: () => void;
}

interface Draft {
  name: string;
  description: string;
  devices: string[];
}

const NAMES = ["name", "description", "device_ids"];

function GroupForm({ group, devices, onSaved }: GroupFormProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const first: Draft = {
    name: group?.name ?? "",
    description: group?.description ?? "",
    devices: group?.devices.map((member) => String(member.id)) ?? [],
  };
  const save = ({ devices: chosen, ...rest }: Draft) => {
    const body = { ...rest, device_ids: chosen.map(Number) };
    return group
      ? send("put", "/api/groups/{group_id}", body, { group_id: group.id })
      : send("post", "/api/groups", body);
  };
  const form = useForm(first, NAMES, save, async () => {
    await queries.invalidateQueries(groupsQuery);
    onSaved();
  });
  const { devices: chosen } = form.draft;
  return (
    <Form
      action={group ? t("form.save") : t("groups.add")}
      error={form.whole}
      isBusy={form.isBusy}
      onSubmit={() => form.submit("save")}
    >
      <TextField form={form} name="name" data-autofocus label={t("form.name")} maxLength={100} required />
      <TextField form={form} name="description" label={t("sites.description")} maxLength={500} />
      <MultiSelect
        clearable
        clearButtonProps={{ "aria-label": t("overview.clear") }}
        data={devices.map((device) => ({ value: String(device.id), label: device.name }))}
        error={form.fault("device_ids")}
        hidePickedOptions
        label={t("groups.devices")}
        maxDropdownHeight={240}
        nothingFoundMessage={t("groups.no_device")}
        onChange={(next) => form.change({ devices: next }, "device_ids")}
        placeholder={t("groups.devices_hint")}
        searchable
        value={chosen}
      />
    </Form>
  );
}

interface GroupDialogProps extends GroupFormProps {
  isOpen: boolean;
  onClose: () => void;
}

/** Makes a group, or changes its name and members. */
export function GroupDialog({ isOpen, onClose, ...form }: GroupDialogProps) {
  const { t } = useWords();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={form.group ? t("groups.edit_title") : t("groups.add")}>
      <GroupForm {...form} />
    </Dialog>
  );
}
