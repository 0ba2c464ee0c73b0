import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import { sitesQuery } from "@/api/queries.ts";
import type { Site } from "@/api/types.ts";
import { Dialog } from "@/components/dialog.tsx";
import { Form } from "@/components/form.tsx";
import { TextField } from "@/components/text-field.tsx";
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
  const { zone } = form.draft;
  return (
    <Form
      action={site ? t("form.save") : t("sites.add")}
      error={form.whole}
      isBusy={form.isBusy}
      onSubmit={() => form.submit("save")}
    >
      <TextField
        form={form}
        name="code"
        data-autofocus
        description={t("sites.code_text")}
        label={t("sites.code")}
        maxLength={20}
        required
      />
      <TextField form={form} name="name" label={t("form.name")} maxLength={100} required />
      <TextField form={form} name="description" label={t("sites.description")} maxLength={500} />
      <ZoneField
        description={t("sites.zone_text")}
        error={form.fault("zone")}
        onChange={(next) => form.change({ zone: next })}
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
    <Dialog isOpen={isOpen} onClose={onClose} title={site ? t("sites.edit_title") : t("sites.add")}>
      <SiteForm onSaved={onSaved} site={site} />
    </Dialog>
  );
}
