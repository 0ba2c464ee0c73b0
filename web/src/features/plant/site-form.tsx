import { Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import { sitesQuery } from "@/api/queries.ts";
import type { Site } from "@/api/types.ts";
import { Form } from "@/components/form.tsx";
import { useForm } from "@/components/use-form.ts";
import { ZoneField } from "@/components/zone-field.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { browserZone } from "@/lib/zone.ts";

interface SiteFormProps {
  /** The site to change; null makes a new one. */
  site: Site | null;
  onSaved: (site: Site) => void;
}

function SiteForm({ site, onSaved }: SiteFormProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const first = {
    code: site?.code ?? "",
    name: site?.name ?? "",
    description: site?.description ?? "",
    zone: site?.zone ?? browserZone(),
  };
  const save = (draft: typeof first) =>
    site ? send("put", "/api/sites/{site_id}", draft, { site_id: site.id }) : send("post", "/api/sites", draft);
  const form = useForm(first, ["code", "name", "description", "zone"], save, async (saved) => {
    await queries.invalidateQueries(sitesQuery);
    onSaved(saved);
  });
  const { code, name, description, zone } = form.draft;
  return (
    <Form
      action={site ? t("form.save") : t("sites.add")}
      error={form.whole}
      isBusy={form.isBusy}
      onSubmit={() => form.submit("save")}
    >
      <TextInput
        data-autofocus
        description={t("sites.code_text")}
        error={form.fault("code")}
        label={t("sites.code")}
        maxLength={20}
        onChange={(event) => form.change({ code: event.currentTarget.value })}
        required
        value={code}
        withAsterisk={false}
      />
      <TextInput
        error={form.fault("name")}
        label={t("form.name")}
        maxLength={100}
        onChange={(event) => form.change({ name: event.currentTarget.value })}
        required
        value={name}
        withAsterisk={false}
      />
      <TextInput
        error={form.fault("description")}
        label={t("sites.description")}
        maxLength={500}
        onChange={(event) => form.change({ description: event.currentTarget.value })}
        value={description}
      />
      <ZoneField
        description={t("sites.zone_text")}
        error={form.fault("zone")}
        onChange={(zone) => form.change({ zone })}
        value={zone}
      />
    </Form>
  );
}

interface SiteDialogProps extends SiteFormProps {
  isOpen: boolean;
  onClose: () => void;
}

/** Makes a site, or changes what is known of one. */
export function SiteDialog({ isOpen, onClose, site, onSaved }: SiteDialogProps) {
  const { t } = useWords();
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("form.close") }}
      onClose={onClose}
      opened={isOpen}
      title={site ? t("sites.edit_title") : t("sites.add")}
    >
      <SiteForm onSaved={onSaved} site={site} />
    </Modal>
  );
}
