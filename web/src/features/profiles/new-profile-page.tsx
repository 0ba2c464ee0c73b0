import { Button } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useReaches } from "@/api/use-session.ts";
import { NotYours } from "@/components/not-yours.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { CsvDialog } from "./csv-dialog.tsx";
import { ProfileEditor } from "./profile-editor.tsx";

const EXAMPLE = `profile: my-device
name: {en: My device, zh: 我的设备, ru: Моё устройство}
kind: sensor
interval_s: 5
overview: [temperature]
points:
  - {key: temperature, name: Temperature, address: 0, type: int16, scale: 0.1, unit: °C}
`;

function NewProfile() {
  const { t } = useWords();
  const [params] = useSearchParams();
  const [first, setFirst] = useState(EXAMPLE);
  const [isImporting, setImporting] = useState(params.get("from") === "csv");
  const take = (source: string) => {
    setFirst(source);
    setImporting(false);
  };
  const more = (
    <Button onClick={() => setImporting(true)} variant="default">
      {t("profiles.csv")}
    </Button>
  );
  return (
    <SettingsPage title={t("profiles.new_title")}>
      <ProfileEditor file={null} first={first} key={first} more={more} />
      <CsvDialog isOpen={isImporting} onClose={() => setImporting(false)} onTaken={take} />
    </SettingsPage>
  );
}

/** A profile that is not there yet: typed, or made from a list of points. */
export function NewProfilePage() {
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <NewProfile /> : <NotYours />;
}
