import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sitesQuery } from "@/api/queries.ts";
import type { Site } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { NotYours } from "@/components/not-yours.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { SiteDialog } from "./site-form.tsx";
import { SiteList } from "./site-list.tsx";

function Sites() {
  const { t } = useWords();
  const sites = useQuery(sitesQuery);
  const [edited, setEdited] = useState<Site | null>(null);
  const [isOpen, setOpen] = useState(false);
  if (sites.isPending) return <Skeletons count={3} height={64} label={t("sites.loading")} layout="list" />;
  if (!sites.data) return <Failed error={sites.error} retry={() => void sites.refetch()} />;
  const open = (site: Site | null) => {
    setEdited(site);
    setOpen(true);
  };
  const close = () => setOpen(false);
  const add = (
    <Button leftSection={<Icon name="plus" />} onClick={() => open(null)}>
      {t("sites.add")}
    </Button>
  );
  return (
    <SettingsPage action={add} title={t("sites.title")}>
      {sites.data.length === 0 && <Notice icon="empty" text={t("sites.none_text")} title={t("sites.none_title")} />}
      {sites.data.length > 0 && <SiteList onEdit={open} sites={sites.data} />}
      <SiteDialog isOpen={isOpen} onClose={close} onSaved={close} site={edited} />
    </SettingsPage>
  );
}

/** Places: add one, rename it, and delete it when it has no devices. */
export function SitesPage() {
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <Sites /> : <NotYours />;
}
