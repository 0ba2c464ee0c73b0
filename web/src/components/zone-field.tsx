import { Autocomplete } from "@mantine/core";
import { useWords } from "@/i18n/use-words.ts";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

interface ZoneFieldProps {
  description: string;
  error: string | undefined;
  /** What holds while there is none; without it there must be one. */
  none?: string;
  value: string;
  onChange: (zone: string) => void;
}

/** The name of a time zone, with all that there are to choose from. */
export function ZoneField({ description, error, none, value, onChange }: ZoneFieldProps) {
  const { t } = useWords();
  return (
    <Autocomplete
      data={ZONES}
      description={description}
      error={error}
      label={t("account.zone")}
      limit={40}
      maxLength={64}
      onChange={onChange}
      {...(none === undefined ? { required: true } : { placeholder: none, clearable: true })}
      value={value}
      withAsterisk={false}
    />
  );
}
