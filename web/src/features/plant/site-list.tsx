import { send } from "@/api/client.ts";
import { sitesQuery } from "@/api/queries.ts";
import type { Site } from "@/api/types.ts";
import { EditButton } from "@/components/edit-button.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { DeleteButton, useDeletion } from "@/components/use-deletion.tsx";
import { useWords } from "@/i18n/use-words.ts";

interface SiteListProps {
  sites: readonly Site[];
  onEdit: (site: Site) => void;
}

export function SiteList({ sites, onEdit }: SiteListProps) {
  const { t, count } = useWords();
  const deletion = useDeletion<Site>({
    stale: sitesQuery,
    drop: ({ id }) => send("delete", "/api/sites/{site_id}", undefined, { site_id: id }),
    title: t("sites.delete_title"),
    text: (site) => t("sites.delete_text", { name: site?.name ?? "" }),
  });
  const actions = (site: Site) => (
    <>
      <EditButton label={t("sites.edit", { name: site.name })} onClick={() => onEdit(site)} />
      <DeleteButton
        hindrance={site.device_count > 0 ? t("sites.in_use") : ""}
        label={t("sites.delete", { name: site.name })}
        onClick={() => deletion.ask(site)}
      />
    </>
  );
  return (
    <>
      <RowList facts={2} label={t("sites.title")}>
        {sites.map((site) => (
          <Row
            actions={actions(site)}
            facts={[
              [t("sites.code"), site.code],
              [t("sites.devices"), count(site.device_count)],
            ]}
            key={site.id}
            title={site.name}
          />
        ))}
      </RowList>
      {deletion.question}
    </>
  );
}
