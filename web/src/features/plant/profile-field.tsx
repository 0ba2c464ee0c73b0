import { type ComboboxItem, type ComboboxParsedItem, type OptionsFilter, Select } from "@mantine/core";
import type { Profile } from "@/api/types.ts";
import { kindWord } from "@/components/device-kind.ts";
import { useWords, type Words } from "@/i18n/use-words.ts";
import { matchesQuery } from "@/lib/texts.ts";
import styles from "./plant.module.css";

interface ProfileFieldProps {
  profiles: readonly Profile[];
  value: string | null;
  /** A device with points of its own has no profile, and needs none. */
  isRequired: boolean;
  error: string | undefined;
  onChange: (profile: Profile) => void;
}

/** Kinds in the order of their words, and under each its profiles. */
function byKind(profiles: readonly Profile[], { t, text, language }: Words) {
  const kinds = [...new Set(profiles.map((profile) => kindWord(profile.kind, t)))];
  return kinds
    .sort((one, other) => one.localeCompare(other, language))
    .map((group) => ({
      group,
      items: profiles
        .filter((profile) => kindWord(profile.kind, t) === group)
        .map((profile) => ({ value: profile.key, label: text(profile.name, profile.key) })),
    }));
}

export function ProfileField({ profiles, value, isRequired, error, onChange }: ProfileFieldProps) {
  const words = useWords();
  const { t, text } = words;
  const known = new Map(profiles.map((profile) => [profile.key, profile]));
  const matches = ({ value: key }: ComboboxItem, query: string) => {
    const profile = known.get(key);
    if (!profile) return false;
    return matchesQuery(query, text(profile.name), key, profile.maker, kindWord(profile.kind, t));
  };
  const filter: OptionsFilter = ({ options, search }) =>
    options.flatMap((option): ComboboxParsedItem[] => {
      if (!("group" in option)) return [];
      const items = option.items.filter((item) => matches(item, search));
      return items.length > 0 ? [{ ...option, items }] : [];
    });
  return (
    <Select
      allowDeselect={false}
      data={byKind(profiles, words)}
      description={t("wizard.what_text")}
      error={error}
      filter={filter}
      label={t("wizard.profile")}
      maxDropdownHeight={320}
      nothingFoundMessage={t("wizard.no_profile")}
      onChange={(key) => {
        const profile = known.get(key ?? "");
        if (profile) onChange(profile);
      }}
      placeholder={t("wizard.profile_hint")}
      renderOption={({ option }) => (
        <span className={styles.option}>
          {option.label}
          <small>
            {option.value} · {t("device.points", { count: known.get(option.value)?.points ?? 0 })}
          </small>
        </span>
      )}
      required={isRequired}
      searchable
      value={value}
      withAsterisk={false}
    />
  );
}
