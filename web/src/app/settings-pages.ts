import { useLocation } from "react-router";
import type { Role } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";

type Section = "plant" | "access" | "system_pages";
type Word =
  | "sites"
  | "groups"
  | "trend_logs"
  | "profiles"
  | "account"
  | "users"
  | "audit"
  | "configuration"
  | "backups"
  | "health";

export interface SettingsEntry {
  readonly to: string;
  readonly word: Word;
  /** The least role that has something to do there. */
  readonly role: Role;
}

const SECTIONS: readonly (readonly [Section, readonly SettingsEntry[]])[] = [
  [
    "plant",
    [
      { to: "/sites", word: "sites", role: "admin" },
      { to: "/groups", word: "groups", role: "read_only" },
      { to: "/trend-logs", word: "trend_logs", role: "read_only" },
      { to: "/profiles", word: "profiles", role: "read_only" },
    ],
  ],
  [
    "access",
    [
      { to: "/account", word: "account", role: "read_only" },
      { to: "/users", word: "users", role: "admin" },
      { to: "/audit", word: "audit", role: "owner" },
    ],
  ],
  [
    "system_pages",
    [
      { to: "/health", word: "health", role: "read_only" },
      { to: "/configuration", word: "configuration", role: "read_only" },
      { to: "/backups", word: "backups", role: "admin" },
    ],
  ],
];

/** The pages of settings that are for the role of who looks, by section. */
export function useSettingsSections() {
  const reaches = { read_only: true, admin: useReaches("admin"), owner: useReaches("owner") };
  return SECTIONS.map(([section, entries]) => [section, entries.filter(({ role }) => reaches[role])] as const);
}

/** Where the settings begin for who looks. */
export function useFirstSettings(): string {
  return useSettingsSections()[0]?.[1][0]?.to ?? "/account";
}

/** The page of settings that is open, or whose thing is; undefined on every other page. */
export function useOpenSettings(): SettingsEntry | undefined {
  const { pathname } = useLocation();
  const entries = SECTIONS.flatMap(([, pages]) => pages);
  return entries.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
}
