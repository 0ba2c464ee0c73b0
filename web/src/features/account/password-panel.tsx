import { PasswordInput } from "@mantine/core";
import { useState } from "react";
import { send } from "@/api/client.ts";
import { ApiError } from "@/api/errors.ts";
import { Fields, Form } from "@/components/form.tsx";
import { Panel } from "@/components/panel.tsx";
import { useForm } from "@/components/use-form.ts";
import { useWords } from "@/i18n/use-words.ts";

const EMPTY = { old_password: "", new_password: "", again: "" };

async function changePassword({ old_password, new_password }: typeof EMPTY) {
  await send("post", "/api/auth/change-password", { old_password, new_password });
}

interface SecretFieldProps {
  label: string;
  value: string;
  autoComplete: "current-password" | "new-password";
  description?: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

function SecretField({ onChange, ...props }: SecretFieldProps) {
  const { t } = useWords();
  return (
    <PasswordInput
      {...props}
      maxLength={200}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
      visibilityToggleButtonProps={{ "aria-label": t("sign_in.show") }}
      withAsterisk={false}
    />
  );
}

/** The rules are told before; what is broken of them stands at the field. */
export function PasswordPanel({ username }: { username: string }) {
  const { t } = useWords();
  const [differs, setDiffers] = useState(false);
  const form = useForm(EMPTY, ["password"], changePassword, () => {
    form.restart();
  });
  const isWrong = form.whole instanceof ApiError && form.whole.code === "wrong_credentials";
  const submit = () => {
    const { new_password, again } = form.draft;
    setDiffers(new_password !== again);
    if (new_password === again) form.submit("save");
  };
  return (
    <Panel text={t("account.password_text")} title={t("account.password")}>
      <Form
        action={t("account.change_password")}
        done={form.isSaved ? t("account.changed") : ""}
        error={isWrong ? null : form.whole}
        isBusy={form.isBusy}
        onSubmit={submit}
      >
        <input autoComplete="username" hidden readOnly value={username} />
        <Fields>
          <SecretField
            autoComplete="current-password"
            error={isWrong ? t("account.wrong_password") : undefined}
            label={t("account.old_password")}
            onChange={(old_password) => form.change({ old_password })}
            value={form.draft.old_password}
          />
          <SecretField
            autoComplete="new-password"
            description={`${t("set_up.rule")} ${t("account.not_name")}`}
            error={form.fault("password")}
            label={t("account.new_password")}
            onChange={(new_password) => form.change({ new_password }, "password")}
            value={form.draft.new_password}
          />
          <SecretField
            autoComplete="new-password"
            error={differs ? t("set_up.differ") : undefined}
            label={t("account.again")}
            onChange={(again) => form.change({ again })}
            value={form.draft.again}
          />
        </Fields>
      </Form>
    </Panel>
  );
}
