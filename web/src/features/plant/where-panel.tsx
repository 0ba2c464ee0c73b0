import { Select, TextInput } from "@mantine/core";
import { Fields } from "@/components/form.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import {
  BAUDRATES,
  composeLink,
  FRAMINGS,
  isSerial,
  type LinkParts,
  lastUnit,
  PARITIES,
  usualPort,
} from "./link-address.ts";
import styles from "./plant.module.css";
import type { DeviceForm } from "./use-device-form.ts";

interface LinkFieldsProps {
  link: LinkParts;
  error: string | undefined;
  onChange: (change: Partial<LinkParts>) => void;
}

function NetworkFields({ link, error, onChange }: LinkFieldsProps) {
  const { t } = useWords();
  return (
    <>
      <TextInput
        autoCapitalize="none"
        autoComplete="off"
        error={error}
        label={t("wizard.host")}
        onChange={(event) => onChange({ host: event.currentTarget.value })}
        placeholder={t("wizard.host_hint")}
        required
        spellCheck={false}
        value={link.host}
        withAsterisk={false}
      />
      <TextInput
        autoComplete="off"
        inputMode="numeric"
        label={t("wizard.port")}
        onChange={(event) => onChange({ port: event.currentTarget.value })}
        placeholder={usualPort(link.framing)}
        value={link.port}
      />
    </>
  );
}

function SerialFields({ link, error, onChange }: LinkFieldsProps) {
  const { t } = useWords();
  const speeds = BAUDRATES.includes(link.baudrate) ? BAUDRATES : [...BAUDRATES, link.baudrate];
  return (
    <>
      <TextInput
        autoCapitalize="none"
        autoComplete="off"
        error={error}
        label={t("wizard.path")}
        onChange={(event) => onChange({ path: event.currentTarget.value })}
        placeholder="/dev/ttyUSB0"
        required
        spellCheck={false}
        value={link.path}
        withAsterisk={false}
      />
      <Select
        allowDeselect={false}
        data={speeds}
        label={t("wizard.baudrate")}
        onChange={(baudrate) => baudrate && onChange({ baudrate })}
        value={link.baudrate}
      />
      <Select
        allowDeselect={false}
        data={PARITIES.map((value) => ({ value, label: t(`wizard.parity_${value}`) }))}
        label={t("wizard.parity")}
        onChange={(parity) => parity && onChange({ parity })}
        value={link.parity}
      />
      <Select
        allowDeselect={false}
        data={["7", "8"]}
        label={t("wizard.bytesize")}
        onChange={(bytesize) => bytesize && onChange({ bytesize })}
        value={link.bytesize}
      />
      <Select
        allowDeselect={false}
        data={["1", "2"]}
        label={t("wizard.stopbits")}
        onChange={(stopbits) => stopbits && onChange({ stopbits })}
        value={link.stopbits}
      />
    </>
  );
}

/** How a device is reached: the link, and its unit id there. */
export function WherePanel({ form }: { form: DeviceForm }) {
  const { t } = useWords();
  const { link, unit_id } = form.draft;
  const change = (part: Partial<LinkParts>) => form.change({ link: { ...link, ...part } });
  const isTyped = (isSerial(link.framing) ? link.path : link.host).trim() !== "";
  const LinkFields = isSerial(link.framing) ? SerialFields : NetworkFields;
  return (
    <Panel text={t("wizard.where_text")} title={t("wizard.where")}>
      <Fields>
        <Select
          allowDeselect={false}
          data={FRAMINGS.map((framing) => ({ value: framing, label: t(`wizard.framing_${framing}`) }))}
          description={t(`wizard.framing_${link.framing}_text`)}
          label={t("wizard.framing")}
          onChange={(next) => change({ framing: FRAMINGS.find((one) => one === next) ?? "tcp" })}
          value={link.framing}
        />
        <LinkFields error={form.fault("link")} link={link} onChange={change} />
        <TextInput
          autoComplete="off"
          description={t("wizard.unit_text", { last: lastUnit(link.framing) })}
          error={form.fault("unit_id")}
          inputMode="numeric"
          label={t("wizard.unit_id")}
          onChange={(event) => form.change({ unit_id: event.currentTarget.value })}
          required
          value={unit_id}
          withAsterisk={false}
        />
      </Fields>
      {isTyped && (
        <p className={styles.address}>
          {t("device.link")}: {composeLink(link)}
        </p>
      )}
    </Panel>
  );
}
