import { changeMe } from "@/api/account.ts";
import type { User } from "@/api/types.ts";
import { Fields, Form } from "@/components/form.tsx";
import { LanguageField } from "@/components/language-field.tsx";
import { Panel } from "@/components/panel.tsx";
import { TextField } from "@/components/text-field.tsx";
import { useForm } from "@/components/use-form.ts";
import { ZoneField } from "@/components/zone-field.tsx";
import { chooseLanguage, isLanguage, type Language } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";

interface Draft {
  username: string;
  language: Language;
  zone: string;
}

export function AboutMe({ user }: { user: User }) {
  const { t, language } = useWords();
  const own = isLanguage(user.language) ? user.language : "en";
  const first: Draft = { username: user.username, language: isLanguage(language) ? language : own, zone: user.zone };
  const form = useForm(first, ["username", "language", "zone"], changeMe, (saved) => {
    if (isLanguage(saved.language)) chooseLanguage(saved.language);
  });
  return (
    <Panel text={t("account.me_text", { role: t(`role.${user.role}`) })} title={t("account.me")}>
      <Form
        action={t("form.save")}
        done={form.isSaved ? t("form.saved") : ""}
        error={form.whole}
        isBusy={form.isBusy}
        onSubmit={() => form.submit("save")}
      >
        <Fields>
          <TextField
            form={form}
            name="username"
            autoCapitalize="none"
            autoComplete="username"
            label={t("sign_in.username")}
            maxLength={50}
            minLength={3}
            required
          />
          <LanguageField
            description={t("account.language_text")}
            onChange={(next) => form.change({ language: next })}
            value={form.draft.language}
          />
          <ZoneField
            description={t("account.zone_text")}
            error={form.fault("zone")}
            none={t("account.zone_of_sites")}
            onChange={(zone) => form.change({ zone })}
            value={form.draft.zone}
          />
        </Fields>
      </Form>
    </Panel>
  );
}
