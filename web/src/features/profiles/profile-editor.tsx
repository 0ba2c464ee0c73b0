import { Button } from "@mantine/core";
import { type ReactNode, useRef } from "react";
import { Link } from "react-router";
import type { Problem, ProfileCheck, ProfileSource } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { Icon } from "@/components/icon.tsx";
import { LeaveGuard } from "@/components/leave-guard.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { DeleteProfile } from "./delete-profile.tsx";
import { linePlace } from "./line-place.ts";
import { ProblemList } from "./problem-list.tsx";
import styles from "./profiles.module.css";
import { SourceEditor } from "./source-editor.tsx";
import { type ProfileText, useProfileText } from "./use-profile-text.ts";

interface ProfileEditorProps {
  /** The file to change; null makes a new one. */
  file: ProfileSource | null;
  /** What stands in the editor at first. */
  first: string;
  more?: ReactNode;
}

interface VerdictProps {
  problems: readonly Problem[];
  /** What the text is, when nothing is wrong with it; null while that is not known. */
  good: ProfileCheck | null;
  isSaved: boolean;
  onGo: (line: number) => void;
}

function Verdict({ problems, good, isSaved, onGo }: VerdictProps) {
  const { t } = useWords();
  const isGood = good?.key != null && problems.length === 0;
  return (
    <div aria-live="polite" className={styles.verdict}>
      {problems.length > 0 && <ProblemList onGo={onGo} problems={problems} />}
      {isGood && (
        <p className={styles.good}>
          <Icon name="good" /> {t("profiles.good", { key: good.key, count: good.points })}
        </p>
      )}
      {isSaved && (
        <p className={styles.good}>
          <Icon name="good" /> {t("profiles.saved")}
        </p>
      )}
    </div>
  );
}

function goTo(field: HTMLTextAreaElement | null, line: number) {
  if (!field) return;
  const { start, end } = linePlace(field.value, line);
  field.focus();
  field.setSelectionRange(start, end);
  const heightPx = Number.parseFloat(getComputedStyle(field).lineHeight) || 20;
  field.scrollTop = Math.max(0, (line - 5) * heightPx);
}

/** Says what the text may be changed for, and by whom. */
function Standing({ file, isAdmin }: { file: ProfileSource | null; isAdmin: boolean }) {
  const { t } = useWords();
  if (!isAdmin) return <p className={styles.text}>{t("profiles.seen_only")}</p>;
  return file?.is_own === false ? <p className={styles.text}>{t("profiles.is_shipped")}</p> : null;
}

function Actions({ file, more, profile }: Pick<ProfileEditorProps, "file" | "more"> & { profile: ProfileText }) {
  const { t } = useWords();
  const isUsable = file !== null && file.problems.length === 0 && !profile.isChanged;
  return (
    <div className={styles.actions}>
      <Button
        disabled={profile.good === null || !profile.isChanged}
        loading={profile.saving.isPending}
        onClick={profile.save}
      >
        {t("form.save")}
      </Button>
      {isUsable && (
        <Button component={Link} to={`/devices/new?profile=${file.key}`} variant="default">
          {t("profiles.use")}
        </Button>
      )}
      {more}
      {file?.is_own && <DeleteProfile file={file} />}
    </div>
  );
}

/** A profile as text: checked while it is typed, each problem at its line, saved when there is none. */
export function ProfileEditor({ file, first, more }: ProfileEditorProps) {
  const isAdmin = useReaches("admin");
  const field = useRef<HTMLTextAreaElement>(null);
  const profile = useProfileText(file, first, isAdmin);
  const { text, problems, good, isChanged, saving } = profile;
  const error = saving.error ?? profile.checkError;
  return (
    <>
      <Standing file={file} isAdmin={isAdmin} />
      <SourceEditor field={field} isReadOnly={!isAdmin} onChange={profile.change} problems={problems} value={text} />
      <Verdict
        good={good}
        isSaved={saving.isSuccess && !isChanged}
        onGo={(line) => goTo(field.current, line)}
        problems={problems}
      />
      {error && <Wrong error={error} />}
      {isAdmin && <Actions file={file} more={more} profile={profile} />}
      <LeaveGuard isChanged={isAdmin && isChanged && !saving.isSuccess} />
    </>
  );
}
