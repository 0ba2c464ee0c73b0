import type { Configuration, ConfigurationChange } from "@/api/types.ts";

/** The configuration as it stands in the fields of its form. */
export interface ConfigurationDraft {
  system_name: string;
  default_retention_days: string;
  session_timeout_minutes: string;
  max_login_attempts: string;
  backup_enabled: boolean;
  backup_schedule: string;
  backup_retention_count: string;
  backup_folder: string;
}

export const CONFIGURATION_NAMES = [
  "system_name",
  "default_retention_days",
  "session_timeout_minutes",
  "max_login_attempts",
  "backup_enabled",
  "backup_schedule",
  "backup_retention_count",
  "backup_folder",
];

export function draftOf(configuration: Configuration): ConfigurationDraft {
  const { next_backup_at: _, default_retention_days: days, ...rest } = configuration;
  return {
    ...rest,
    default_retention_days: days === null ? "" : String(days),
    session_timeout_minutes: String(rest.session_timeout_minutes),
    max_login_attempts: String(rest.max_login_attempts),
    backup_retention_count: String(rest.backup_retention_count),
  };
}

/** What the form says, as the server takes it; what is no number the server refuses, and says so at its field. */
export function changeOf(draft: ConfigurationDraft): ConfigurationChange {
  const days = draft.default_retention_days.trim();
  return {
    ...draft,
    default_retention_days: days === "" ? null : Number(days),
    session_timeout_minutes: Number(draft.session_timeout_minutes),
    max_login_attempts: Number(draft.max_login_attempts),
    backup_retention_count: Number(draft.backup_retention_count),
  };
}
