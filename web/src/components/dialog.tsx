import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@/i18n/use-words.ts";

interface DialogProps {
  isOpen: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** It heads the dialog, not the page. */
const HEADER = { header: { role: "none" } };

/** What stands before the page until it is done or put away. */
export function Dialog({ isOpen, title, onClose, children }: DialogProps) {
  const { t } = useWords();
  return (
    <Modal
      attributes={HEADER}
      closeButtonProps={{ "aria-label": t("form.close") }}
      onClose={onClose}
      opened={isOpen}
      title={title}
    >
      {children}
    </Modal>
  );
}
