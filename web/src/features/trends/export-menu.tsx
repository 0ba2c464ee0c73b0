import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { RefObject } from "react";
import { save } from "@/api/download.ts";
import { Icon } from "@/components/icon.tsx";
import { StopDownload } from "@/components/stop-download.tsx";
import { useDownload } from "@/components/use-download.ts";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { copyText } from "@/lib/clipboard.ts";
import type { ChartLook } from "./chart-input.ts";
import { type ExportForm, exportAddress, FORMS } from "./export-address.ts";
import { picture } from "./picture.ts";
import type { Plot } from "./plot.ts";
import type { Bounds } from "./time-range.ts";

interface ExportMenuProps {
  look: ChartLook;
  current: () => Bounds;
  plot: RefObject<Plot | null>;
}

/** What is seen, as a picture or as a table for other programs. */
export function ExportMenu({ look, current, plot }: ExportMenuProps) {
  const words = useWords();
  const { t } = words;
  const { going, error, start, clear } = useDownload();
  const name = () => `trend_${new Date(current().startMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z.png`;
  const { mutate: draw, ...drawing } = useMutation({
    mutationFn: async () => {
      const content = plot.current && (await picture(plot.current.canvas(), look, current()));
      if (content) save({ content, name: name() });
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

  if (going) return <StopDownload going={going} size="compact-sm" />;
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
