import { ActionIcon, Menu } from "@mantine/core";
import { changeMe } from "@/api/account.ts";
import { useUser } from "@/api/use-session.ts";
import { Icon } from "@/components/icon.tsx";
import { chooseLanguage, isLanguage, LANGUAGES, type Language } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";

export function LanguageMenu() {
  const { t, language } = useWords();
  const user = useUser();
  const choose = (code: Language) => {
    chooseLanguage(code);
    // The page speaks it already; that the server knows is for the next sign-in, and worth no complaint.
    if (user) changeMe({ language: code }).catch(() => null);
  };
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon aria-label={t("nav.language")} color="gray" size="lg" variant="subtle">
          <Icon name="language" size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <Menu.Item
            aria-current={code === language}
            key={code}
            lang={code}
            onClick={() => isLanguage(code) && choose(code)}
            rightSection={code === language && <Icon name="good" />}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
