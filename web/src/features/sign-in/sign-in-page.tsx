import { PasswordInput, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { session } from "@/api/session.ts";
import { chooseLanguage, isLanguage } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";
import { Door } from "./door.tsx";

/** From here on the page speaks as the account says. */
async function signIn(username: string, password: string) {
  await session.signIn(username, password);
  const language = session.user()?.language ?? "";
  if (isLanguage(language)) chooseLanguage(language);
}

/** Stands where the page was, so that the page is there again after signing in. */
export function SignInPage({ tools }: { tools: ReactNode }) {
  const { t } = useWords();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  return (
    <Door
      action={t("sign_in.action")}
      open={() => signIn(username, password)}
      title={t("sign_in.title")}
      tools={tools}
    >
      <TextInput
        autoCapitalize="none"
        autoComplete="username"
        data-autofocus
        label={t("sign_in.username")}
        maxLength={50}
        onChange={(event) => setUsername(event.currentTarget.value)}
        required
        value={username}
        withAsterisk={false}
      />
      <PasswordInput
        autoComplete="current-password"
        label={t("sign_in.password")}
        maxLength={200}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("sign_in.show") }}
        withAsterisk={false}
      />
    </Door>
  );
}
