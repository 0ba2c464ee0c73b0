import { ActionIcon, Menu } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { chooseLanguage, isLanguage, LANGUAGES } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";

export function LanguageMenu() {
  const { t, language } = useWords();
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
            onClick={() => isLanguage(code) && chooseLanguage(code)}
            rightSection={code === language && <Icon name="good" />}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
