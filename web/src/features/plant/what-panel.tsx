import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { Profile, Site } from "@/api/types.ts";
import { Fields } from "@/components/form.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./plant.module.css";
import { ProfileField } from "./profile-field.tsx";
import { SiteDialog } from "./site-form.tsx";
import type { DeviceForm } from "./use-device-form.ts";

interface PanelProps {
  form: DeviceForm;
  isNew: boolean;
  profiles: readonly Profile[];
  sites: readonly Site[];
}

function SiteField({ form, sites }: Pick<PanelProps, "form" | "sites">) {
  const { t } = useWords();
  const [isMaking, setMaking] = useState(false);
  const take = (site: Site) => {
    setMaking(false);
    form.change({ site_id: String(site.id) });
  };
  return (
    <div className={styles.beside}>
      <Select
        allowDeselect={false}
        data={sites.map((site) => ({ value: String(site.id), label: `${site.code} · ${site.name}` }))}
        error={form.fault("site_id")}
        label={t("wizard.site")}
        onChange={(id) => form.change({ site_id: id })}
        placeholder={sites.length === 0 ? t("wizard.no_site") : t("wizard.site_hint")}
        required
        searchable
        value={form.draft.site_id}
        withAsterisk={false}
      />
      <Button onClick={() => setMaking(true)} variant="default">
        {t("wizard.new_site")}
      </Button>
      <SiteDialog isOpen={isMaking} onClose={() => setMaking(false)} onSaved={take} site={null} />
    </div>
  );
}

/** Type, name and place of a device. */
export function WhatPanel({ form, isNew, profiles, sites }: PanelProps) {
  const { t } = useWords();
  const { draft } = form;
  const proposed = profiles.find((one) => one.key === draft.profile)?.interval_s;
  const choose = (profile: Profile) => {
    // An interval that somebody typed is theirs; one that a profile proposed goes with it.
    const isTyped = !isNew || (proposed !== undefined && String(proposed) !== draft.interval_s);
    form.change({ profile: profile.key, ...(!isTyped && { interval_s: String(profile.interval_s) }) });
  };
  return (
    <Panel title={t("wizard.what")}>
      <Fields isWide>
        <ProfileField
          error={form.fault("profile")}
          isRequired={isNew}
          onChange={choose}
          profiles={profiles}
          value={draft.profile}
        />
        <SiteField form={form} sites={sites} />
        <TextInput
          autoComplete="off"
          error={form.fault("name")}
          label={t("form.name")}
          maxLength={100}
          onChange={(event) => form.change({ name: event.currentTarget.value })}
          required
          value={draft.name}
          withAsterisk={false}
        />
        <TextInput
          autoComplete="off"
          error={form.fault("description")}
          label={t("sites.description")}
          maxLength={500}
          onChange={(event) => form.change({ description: event.currentTarget.value })}
          value={draft.description}
        />
      </Fields>
      {isNew && (
        <p className={styles.note}>
          <Link to="/profiles/new?from=csv">{t("wizard.own_points")}</Link>
        </p>
      )}
      {!isNew && (
        <Switch
          checked={draft.enabled}
          label={t("wizard.enabled")}
          onChange={(event) => form.change({ enabled: event.currentTarget.checked })}
        />
      )}
    </Panel>
  );
}
