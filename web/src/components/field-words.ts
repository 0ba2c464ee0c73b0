import i18next from "i18next";
import type en from "@/i18n/en.json";
import type { Words } from "@/i18n/use-words.ts";

type Named = keyof (typeof en)["audit"]["fields"];

/** Settings of the server: a form of their own names them. */
const SETTINGS = {
  system_name: "system_name",
  default_retention_days: "retention",
  session_timeout_minutes: "timeout",
  max_login_attempts: "attempts",
  backup_enabled: "backup_enabled",
  backup_schedule: "schedule",
  backup_retention_count: "keep",
  backup_folder: "folder",
} as const;

const isNamed = (field: string): field is Named => i18next.exists(`audit.fields.${field}`);
const isSetting = (field: string): field is keyof typeof SETTINGS => Object.hasOwn(SETTINGS, field);

/** What a field of a thing is called; one the page does not know is called as the server has it. */
export function fieldWords(field: string, t: Words["t"]): string {
  const setting = field.replace(/^fields\./, "");
  if (isSetting(setting)) return t(`configuration.${SETTINGS[setting]}`);
  return isNamed(field) ? t(`audit.fields.${field}`) : field;
}
