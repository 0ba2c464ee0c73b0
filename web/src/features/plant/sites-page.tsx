import { useQuery } from "@tanstack/react-query";
import { sitesQuery } from "@/api/queries.ts";
import type { Site } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { AddButton } from "@/components/add-button.tsx";
import { Answered } from "@/components/answered.tsx";
import { NotYours } from "@/components/not-yours.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useEdited } from "@/components/use-edited.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { SiteDialog } from "./site-form.tsx";
import { SiteList } from "./site-list.tsx";

function Sites() {
  const { t } = useWords();
  const sites = useQuery(sitesQuery);
  const { edited, isOpen, open, close } = useEdited<Site>();
  const add = <AddButton onClick={() => open(null)} words={t("sites.add")} />;
  return (
    <Answered loading={t("sites.loading")} query={sites} title={t("sites.title")}>
      {(found) => (
        <SettingsPage action={add} title={t("sites.title")}>
          {found.length === 0 && <Notice icon="empty" text={t("sites.none_text")} title={t("sites.none_title")} />}
          {found.length > 0 && <SiteList onEdit={open} sites={found} />}
          <SiteDialog isOpen={isOpen} onClose={close} onSaved={close} site={edited} />
        </SettingsPage>
      )}
    </Answered>
  );
}

/** Places: add one, rename it, and delete it when it has no devices. */
export function SitesPage() {
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <Sites /> : <NotYours />;
}
