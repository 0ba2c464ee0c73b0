import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@/i18n/use-words.ts";

interface DialogProps {
  isOpen: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** What stands before the page until it is done or put away. */
export function Dialog({ isOpen, title, onClose, children }: DialogProps) {
  const { t } = useWords();
  return (
    <Modal closeButtonProps={{ "aria-label": t("form.close") }} onClose={onClose} opened={isOpen} title={title}>
      {children}
    </Modal>
  );
}
