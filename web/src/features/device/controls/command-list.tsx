import { Button } from "@mantine/core";
import { useState } from "react";
import type { Command, DeviceDetail } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./controls.module.css";
import { Need } from "./need.tsx";
import type { GiveOrder } from "./order.ts";

interface CommandListProps {
  commands: readonly Command[];
  device: DeviceDetail;
  give: GiveOrder;
  isOff: boolean;
}

export function CommandList({ commands, device, give, isOff }: CommandListProps) {
  const { t, text } = useWords();
  const [asked, setAsked] = useState<Command | null>(null);
  const name = asked ? text(asked.name, asked.key) : "";
  return (
    <>
      <ul className={styles.commands}>
        {commands.map((command) => (
          <li key={command.key}>
            <Button disabled={isOff} onClick={() => setAsked(command)} variant="default">
              {text(command.name, command.key)}
            </Button>
            {command.needs && <Need device={device} need={command.needs} />}
          </li>
        ))}
      </ul>
      <Confirm
        action={name}
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        onConfirm={async () => asked && (await give({ key: asked.key, name }))}
        text={text(asked?.confirm ?? undefined, t("controls.sure", { name, device: device.name }))}
        title={`${device.name}: ${name}`}
      >
        {asked?.needs && <Need device={device} need={asked.needs} />}
        <p className={styles.need}>{t("controls.read_back")}</p>
      </Confirm>
    </>
  );
}
