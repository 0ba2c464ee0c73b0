import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { chooseContrast, useContrast } from "./contrast.ts";

const SCHEMES = { auto: "system", light: "light", dark: "dark" } as const;

export function SchemeMenu() {
  const { t } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const isHigh = useContrast() === "high";
  const schemes = Object.keys(SCHEMES) as (keyof typeof SCHEMES)[];
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label={t("nav.scheme")} color="gray" size="lg" variant="subtle">
          <Icon name={SCHEMES[colorScheme]} size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.Item
            aria-current={scheme === colorScheme}
            key={scheme}
            leftSection={<Icon name={SCHEMES[scheme]} />}
            onClick={() => setColorScheme(scheme)}
            rightSection={scheme === colorScheme && <Icon name="good" />}
          >
            {t(`nav.${SCHEMES[scheme]}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          aria-current={isHigh}
          leftSection={<Icon name="contrast" />}
          onClick={() => chooseContrast(isHigh ? "usual" : "high")}
          rightSection={isHigh && <Icon name="good" />}
        >
          {t("nav.high")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
