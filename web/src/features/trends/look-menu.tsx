import { Button, Menu } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { COMPARISONS } from "./queries.ts";
import type { TrendUrl } from "./use-trend-url.ts";

/** What is drawn beside the curves: an earlier period, and the limits. */
export function LookMenu({ url }: { url: TrendUrl }) {
  const { t } = useWords();
  const { comparison, showsLimits } = url;
  const mark = (isOn: boolean) => ({ leftSection: <Icon name={isOn ? "good" : "blank"} /> });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button leftSection={<Icon name="layers" />} size="compact-sm" variant={comparison ? "light" : "default"}>
          {comparison ? t(`trends.compare_${comparison}`) : t("trends.compare")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("trends.compare")}</Menu.Label>
        <Menu.Item {...mark(comparison === null)} onClick={() => url.setComparison(null)}>
          {t("trends.compare_none")}
        </Menu.Item>
        {COMPARISONS.map((one) => (
          <Menu.Item key={one} {...mark(comparison === one)} onClick={() => url.setComparison(one)}>
            {t(`trends.compare_${one}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item {...mark(showsLimits)} onClick={() => url.setShowsLimits(!showsLimits)}>
          {t("trends.limits")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
