import { Select } from "@mantine/core";
import { isLanguage, LANGUAGES, type Language } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";

interface LanguageFieldProps {
  value: Language;
  description?: string;
  onChange: (language: Language) => void;
}

export function LanguageField({ value, description, onChange }: LanguageFieldProps) {
  const { t } = useWords();
  return (
    <Select
      allowDeselect={false}
      data={Object.entries(LANGUAGES).map(([code, label]) => ({ value: code, label }))}
      description={description}
      label={t("nav.language")}
      onChange={(code) => code && isLanguage(code) && onChange(code)}
      value={value}
    />
  );
}
