import { PasswordInput, Select } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import { Fields, Form } from "@/components/form.tsx";
import { LanguageField } from "@/components/language-field.tsx";
import { Panel } from "@/components/panel.tsx";
import { TextField } from "@/components/text-field.tsx";
import { useForm } from "@/components/use-form.ts";
import { isLanguage, type Language } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";
import { usersQuery } from "./queries.ts";

const ROLES = ["read_only", "admin"] as const;

interface Draft {
  username: string;
  password: string;
  role: (typeof ROLES)[number];
  language_preference: Language;
}

const NAMES = ["username", "password", "role", "language_preference"];

const add = (draft: Draft) => send("post", "/api/users", draft);

export function AddUser() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const language_preference: Language = isLanguage(language) ? language : "en";
  const empty: Draft = { username: "", password: "", role: "read_only", language_preference };
  const form = useForm(empty, NAMES, add, () => {
    form.restart();
    return queries.invalidateQueries(usersQuery);
  });
  const { password, role } = form.draft;
  return (
    <Panel text={t("users.add_text")} title={t("users.add")}>
      <Form
        action={t("users.add")}
        done={form.isSaved ? t("users.added") : ""}
        error={form.whole}
        isBusy={form.isBusy}
        onSubmit={() => form.submit("save")}
      >
        <Fields isWide>
          <TextField
            form={form}
            name="username"
            autoCapitalize="none"
            autoComplete="off"
            label={t("sign_in.username")}
            maxLength={50}
            minLength={3}
            required
          />
          <PasswordInput
            autoComplete="new-password"
            description={`${t("set_up.rule")} ${t("account.not_name")}`}
            error={form.fault("password")}
            label={t("sign_in.password")}
            maxLength={200}
            onChange={(event) => form.change({ password: event.currentTarget.value })}
            required
            value={password}
            visibilityToggleButtonProps={{ "aria-label": t("sign_in.show") }}
            withAsterisk={false}
          />
          <Select
            allowDeselect={false}
            data={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
            description={t(`users.${role}_text`)}
            error={form.fault("role")}
            label={t("users.role")}
            onChange={(next) => form.change({ role: next === "admin" ? "admin" : "read_only" })}
            value={role}
          />
          <LanguageField
            onChange={(next) => form.change({ language_preference: next })}
            value={form.draft.language_preference}
          />
        </Fields>
      </Form>
    </Panel>
  );
}
