import { Button, Menu } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { COMPARISONS } from "./queries.ts";
import type { TrendUrl } from "./use-trend-url.ts";

const NONE = "none" as const;

/** What is drawn beside the curves: an earlier period, and the limits. */
export function LookMenu({ url }: { url: TrendUrl }) {
  const { t } = useWords();
  const { comparison, showsLimits } = url;
  const choose = (value: string) => url.setComparison(COMPARISONS.find((one) => one === value) ?? null);
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button leftSection={<Icon name="layers" />} size="compact-sm" variant={comparison ? "light" : "default"}>
          {comparison ? t(`trends.compare_${comparison}`) : t("trends.compare")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("trends.compare")}</Menu.Label>
        <Menu.RadioGroup onChange={choose} value={comparison ?? NONE}>
          {[NONE, ...COMPARISONS].map((one) => (
            <Menu.RadioItem closeMenuOnClick key={one} value={one}>
              {t(`trends.compare_${one}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.CheckboxItem checked={showsLimits} onChange={url.setShowsLimits}>
          {t("trends.limits")}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
