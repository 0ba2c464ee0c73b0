import { PasswordInput, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { session } from "@/api/session.ts";
import { useWords } from "@/i18n/use-words.ts";
import { Door } from "./door.tsx";

interface SetUpPageProps {
  /** From the link that the server printed; empty when the page was opened without it. */
  secret: string;
  tools: ReactNode;
}

/** The first start: whoever has the link becomes the owner. */
export function SetUpPage({ secret: fromLink, tools }: SetUpPageProps) {
  const { t, language } = useWords();
  const [secret, setSecret] = useState(fromLink);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const show = { "aria-label": t("sign_in.show") };
  return (
    <Door
      action={t("set_up.action")}
      check={() => (password === again ? "" : t("set_up.differ"))}
      open={() => session.setUp(secret.trim(), username, password, language)}
      text={fromLink ? t("set_up.text") : t("set_up.no_link")}
      title={t("set_up.title")}
      tools={tools}
    >
      {!fromLink && (
        <TextInput
          autoComplete="off"
          label={t("set_up.secret")}
          maxLength={200}
          onChange={(event) => setSecret(event.currentTarget.value)}
          required
          value={secret}
          withAsterisk={false}
        />
      )}
      <TextInput
        autoCapitalize="none"
        autoComplete="username"
        label={t("sign_in.username")}
        maxLength={50}
        minLength={3}
        onChange={(event) => setUsername(event.currentTarget.value)}
        required
        value={username}
        withAsterisk={false}
      />
      <PasswordInput
        autoComplete="new-password"
        description={t("set_up.rule")}
        label={t("sign_in.password")}
        maxLength={72}
        minLength={8}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
        value={password}
        visibilityToggleButtonProps={show}
        withAsterisk={false}
      />
      <PasswordInput
        autoComplete="new-password"
        label={t("set_up.again")}
        maxLength={72}
        onChange={(event) => setAgain(event.currentTarget.value)}
        required
        value={again}
        visibilityToggleButtonProps={show}
        withAsterisk={false}
      />
    </Door>
  );
}
