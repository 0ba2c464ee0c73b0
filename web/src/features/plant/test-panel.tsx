import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import type { DeviceDetail, Tested } from "@/api/types.ts";
import { saidWords } from "@/components/cause-words.ts";
import { Icon } from "@/components/icon.tsx";
import { Panel } from "@/components/panel.tsx";
import { SoFar } from "@/components/so-far.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./plant.module.css";

/** What a test read brought: a value with its point, or why there is none. */
function Result({ tested, device }: { tested: Tested; device: DeviceDetail }) {
  const words = useWords();
  const { t, text, line } = words;
  const point = device.points.find((one) => one.key === tested.key);
  const name = point ? text(point.name, point.key) : (tested.key ?? "");
  const isBad = !tested.success || tested.value === null;
  const value = tested.value !== null && point ? line(point, tested.value) : (tested.text ?? t("quality.bad"));
  return (
    <p className={styles.verdict} data-doubtful={isBad} role="status">
      <Icon name={isBad ? "error" : "good"} />
      {tested.success
        ? t("wizard.tested", { name, value })
        : t("wizard.not_tested", { error: saidWords(tested.cause, tested.error ?? "", words) })}
    </p>
  );
}

/** Reads one value of a device as it is saved, at once, whether or not it is its turn. */
export function TestPanel({ device }: { device: DeviceDetail }) {
  const { t } = useWords();
  const testing = useMutation({
    mutationFn: () => send("post", "/api/devices/{device_id}/test-connection", undefined, { device_id: device.id }),
  });
  const test = (
    <Button loading={testing.isPending} onClick={() => testing.mutate()} variant="default">
      {t("wizard.test")}
    </Button>
  );
  return (
    <Panel action={test} text={t("wizard.test_text")} title={t("wizard.test_title")}>
      {testing.isPending && <SoFar />}
      {testing.data && <Result device={device} tested={testing.data} />}
      {testing.error && <Wrong error={testing.error} />}
    </Panel>
  );
}
