import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client.ts";
import { sitesQuery } from "@/api/queries.ts";
import type { Site } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { useWords } from "@/i18n/use-words.ts";

interface SiteListProps {
  sites: readonly Site[];
  onEdit: (site: Site) => void;
}

export function SiteList({ sites, onEdit }: SiteListProps) {
  const { t, count } = useWords();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<Site | null>(null);
  const drop = async () => {
    await send("delete", "/api/sites/{site_id}", undefined, { site_id: leaving?.id });
    await queries.invalidateQueries(sitesQuery);
  };
  return (
    <>
      <RowList label={t("sites.title")}>
        {sites.map((site) => (
          <Row
            actions={
              <>
                <Button
                  aria-label={t("sites.edit", { name: site.name })}
                  onClick={() => onEdit(site)}
                  size="xs"
                  variant="default"
                >
                  {t("form.edit")}
                </Button>
                <Button
                  aria-label={t("sites.delete", { name: site.name })}
                  disabled={site.device_count > 0}
                  onClick={() => setLeaving(site)}
                  size="xs"
                  title={site.device_count > 0 ? t("sites.in_use") : ""}
                  variant="default"
                >
                  {t("form.delete")}
                </Button>
              </>
            }
            facts={[
              [t("sites.code"), site.code],
              [t("sites.devices"), count(site.device_count)],
            ]}
            key={site.id}
            title={site.name}
          />
        ))}
      </RowList>
      <Confirm
        action={t("form.delete")}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        onConfirm={drop}
        text={t("sites.delete_text", { name: leaving?.name ?? "" })}
        title={t("sites.delete_title")}
      />
    </>
  );
}
