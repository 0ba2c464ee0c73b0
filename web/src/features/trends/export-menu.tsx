import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { RefObject } from "react";
import { useState } from "react";
import { Icon } from "@/components/icon.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { copyText } from "@/lib/clipboard.ts";
import type { ChartLook } from "./chart-input.ts";
import { download, type ExportForm, exportAddress, FORMS, save } from "./exporting.ts";
import { picture } from "./picture.ts";
import type { Plot } from "./plot.ts";
import type { Bounds } from "./time-range.ts";

interface ExportMenuProps {
  look: ChartLook;
  current: () => Bounds;
  plot: RefObject<Plot | null>;
}

interface Going {
  readonly bytes: number;
  readonly stop: () => void;
}

/** One download at a time, which tells how far it is and can be stopped. */
function useDownload() {
  const [going, setGoing] = useState<Going | null>(null);
  const [error, setError] = useState<unknown>(null);
  const start = async (address: string) => {
    const control = new AbortController();
    const stop = () => control.abort();
    setError(null);
    setGoing({ bytes: 0, stop });
    try {
      const file = await download(address, control.signal, (bytes) => setGoing({ bytes, stop }));
      save(file.content, file.name);
    } catch (failure) {
      if (!control.signal.aborted) setError(failure);
    } finally {
      setGoing(null);
    }
  };
  return { going, error, start, clear: () => setError(null) };
}

/** What is seen, as a picture or as a table for other programs. */
export function ExportMenu({ look, current, plot }: ExportMenuProps) {
  const words = useWords();
  const { t, number } = words;
  const { going, error, start, clear } = useDownload();
  const name = () => `trend_${new Date(current().startMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z.png`;
  const { mutate: draw, ...drawing } = useMutation({
    mutationFn: async () => {
      const content = plot.current && (await picture(plot.current.canvas(), look, current()));
      if (content) save(content, name());
    },
  });
  const { mutate: copy, ...copying } = useMutation({ mutationFn: () => copyText(location.href) });
  const forget = () => {
    clear();
    drawing.reset();
    copying.reset();
  };
  const wrong = error ?? drawing.error;
  const table = (form: ExportForm) => void start(exportAddress(look, current(), form, words.language));

  if (going)
    return (
      <Button loaderProps={{ size: 14 }} onClick={going.stop} size="compact-sm" variant="light">
        {t("trends.exporting", { size: number(going.bytes / 1e6, 1) })}
      </Button>
    );
  return (
    <>
      <Menu onChange={(isOpen) => isOpen && forget()} position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            leftSection={<Icon name="download" />}
            loading={drawing.isPending}
            size="compact-sm"
            variant="default"
          >
            {t("trends.export")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => copy()}>{t("trends.copy")}</Menu.Item>
          <Menu.Item onClick={() => draw()}>{t("trends.export_png")}</Menu.Item>
          <Menu.Divider />
          {FORMS.map((form) => (
            <Menu.Item key={form} onClick={() => table(form)}>
              {t(`trends.export_${form}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {copying.data && <span role="status">{t("form.copied")}</span>}
      {wrong !== null && <Wrong error={wrong} />}
    </>
  );
}
