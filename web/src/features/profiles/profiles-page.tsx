import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { ProfileFile } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { kindWord } from "@/components/device-kind.ts";
import { Icon } from "@/components/icon.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Unanswered } from "@/components/unanswered.tsx";
import { useWords, type Words } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import styles from "./profiles.module.css";
import { profileFilesQuery, profileNamesQuery } from "./queries.ts";

function originWord({ is_own, replaces }: ProfileFile, t: Words["t"]): string {
  if (replaces) return t("profiles.replaces");
  return is_own ? t("profiles.own") : t("profiles.shipped");
}

function ProfileRow({ file }: { file: ProfileFile }) {
  const { t, text, count } = useWords();
  const isAdmin = useReaches("admin");
  const profile = useQuery(profileNamesQuery).data?.find((one) => one.key === file.key);
  const isBad = file.problems.length > 0;
  const title = (
    <>
      {text(profile?.name, file.key)} <small className={styles.key}>{file.key}</small>
      {isBad && (
        <span className={styles.bad}>
          <Icon name="error" size={15} /> {t("profiles.bad")}:{" "}
          {t("profiles.problems", { count: file.problems.length })}
        </span>
      )}
    </>
  );
  const verb = isAdmin && file.is_own ? "profiles.edit_at" : "profiles.look_at";
  return (
    <Row
      actions={
        <Button
          aria-label={t(verb, { key: file.key })}
          component={Link}
          size="xs"
          to={`/profiles/${file.key}`}
          variant="default"
        >
          {isAdmin && file.is_own ? t("form.edit") : t("profiles.look")}
        </Button>
      }
      facts={[
        [t("profiles.origin"), originWord(file, t)],
        [t("profiles.points"), profile ? `${count(profile.points)} · ${kindWord(profile.kind, t)}` : "—"],
        [t("profiles.devices"), count(file.devices)],
      ]}
      title={title}
    />
  );
}

/** The files of all profiles, also those that cannot be used. */
export function ProfilesPage() {
  const { t } = useWords();
  const isAdmin = useReaches("admin");
  useHeartbeat();
  const files = useQuery(profileFilesQuery);
  // A row whose name comes later than its key would break into lines otherwise, and move those below it.
  const names = useQuery(profileNamesQuery);
  if (!files.data || names.isPending)
    return (
      <Unanswered loading={t("profiles.loading")} query={files.data ? names : files} title={t("profiles.title")} />
    );
  const add = isAdmin && (
    <Button component={Link} leftSection={<Icon name="plus" />} to="/profiles/new">
      {t("profiles.add")}
    </Button>
  );
  return (
    <SettingsPage action={add} title={t("profiles.title")}>
      <p className={styles.text}>{t("profiles.text")}</p>
      <RowList facts={3} label={t("profiles.title")}>
        {files.data.map((file) => (
          <ProfileRow file={file} key={file.key} />
        ))}
      </RowList>
    </SettingsPage>
  );
}
