import { Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import type { Configuration } from "@/api/types.ts";
import { Fields, Form } from "@/components/form.tsx";
import { Panel } from "@/components/panel.tsx";
import { useForm } from "@/components/use-form.ts";
import { useWords } from "@/i18n/use-words.ts";
import { CONFIGURATION_NAMES, type ConfigurationDraft, changeOf, draftOf } from "./configuration-draft.ts";
import { configurationQuery } from "./queries.ts";

type TextName = Exclude<keyof ConfigurationDraft, "backup_enabled">;

interface FieldProps {
  name: TextName;
  label: string;
  description?: string;
  isNumber?: boolean;
}

const save = (draft: ConfigurationDraft) => send("put", "/api/system/config", changeOf(draft));

/** What the owner sets for the whole system. Others see it and change nothing. */
export function ConfigurationForm({ now, isOwner }: { now: Configuration; isOwner: boolean }) {
  const { t, moment } = useWords();
  const queries = useQueryClient();
  const form = useForm(draftOf(now), CONFIGURATION_NAMES, save, (saved) => {
    queries.setQueryData(configurationQuery.queryKey, saved);
  });
  const field = ({ name, label, description, isNumber = false }: FieldProps) => (
    <TextInput
      autoComplete="off"
      description={description}
      error={form.fault(name)}
      inputMode={isNumber ? "numeric" : "text"}
      label={label}
      onChange={(event) => form.change({ [name]: event.currentTarget.value })}
      readOnly={!isOwner}
      value={form.draft[name]}
    />
  );
  const panels = (
    <>
      <Panel title={t("configuration.general")}>
        <Fields isWide>
          {field({
            name: "system_name",
            label: t("configuration.system_name"),
            description: t("configuration.system_name_text"),
          })}
          {field({
            name: "default_retention_days",
            label: t("configuration.retention"),
            description: t("configuration.retention_text"),
            isNumber: true,
          })}
        </Fields>
      </Panel>
      <Panel title={t("configuration.sessions")}>
        <Fields isWide>
          {field({ name: "session_timeout_minutes", label: t("configuration.timeout"), isNumber: true })}
          {field({ name: "max_login_attempts", label: t("configuration.attempts"), isNumber: true })}
        </Fields>
      </Panel>
      <Panel text={t("configuration.backups_text")} title={t("configuration.backups")}>
        <Switch
          checked={form.draft.backup_enabled}
          disabled={!isOwner}
          label={t("configuration.backup_enabled")}
          onChange={(event) => form.change({ backup_enabled: event.currentTarget.checked })}
        />
        <Fields isWide>
          {field({
            name: "backup_folder",
            label: t("configuration.folder"),
            description: t("configuration.folder_text"),
          })}
          {field({
            name: "backup_schedule",
            label: t("configuration.schedule"),
            description: t("configuration.schedule_text"),
          })}
          {field({ name: "backup_retention_count", label: t("configuration.keep"), isNumber: true })}
        </Fields>
        <p>
          {now.next_backup_at === null
            ? t("configuration.no_next")
            : t("configuration.next", { time: moment(Date.parse(now.next_backup_at)) })}
        </p>
      </Panel>
    </>
  );
  if (!isOwner) return panels;
  return (
    <Form
      action={t("form.save")}
      done={form.isSaved ? t("form.saved") : ""}
      error={form.whole}
      isBusy={form.isBusy}
      onSubmit={() => form.submit("save")}
    >
      {panels}
    </Form>
  );
}
