import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { trendLink } from "@/lib/trend-link.ts";
import styles from "./device-points.module.css";

interface TrendBarProps {
  deviceId: number;
  keys: readonly string[];
  onClear: () => void;
}

/** The picked points, ready to be drawn. */
export function TrendBar({ deviceId, keys, onClear }: TrendBarProps) {
  const { t } = useWords();
  const link = trendLink(keys.map((key) => ({ deviceId, key })));
  return (
    <aside className={styles.bar}>
      <span role="status">{t("device.chosen", { count: keys.length })}</span>
      <Button onClick={onClear} size="sm" variant="subtle">
        {t("device.clear_trend")}
      </Button>
      <Button component={Link} leftSection={<Icon name="trend" />} size="sm" to={link}>
        {t("device.show_trend")}
      </Button>
    </aside>
  );
}
