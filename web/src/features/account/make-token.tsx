import { Select } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client.ts";
import type { NewToken, Role, Token } from "@/api/types.ts";
import { Dialog } from "@/components/dialog.tsx";
import { Form } from "@/components/form.tsx";
import { TextField } from "@/components/text-field.tsx";
import { useForm } from "@/components/use-form.ts";
import { useWords } from "@/i18n/use-words.ts";
import { tokensQuery } from "./queries.ts";

const ROLES: readonly Role[] = ["read_only", "admin", "owner"];
const DAYS = [1, 7, 30, 90, 365];
const FOREVER = "forever";

interface Draft {
  name: string;
  kind: Token["kind"];
  role: Role;
  days: string;
}

const EMPTY: Draft = { name: "", kind: "api", role: "read_only", days: "90" };

interface MakeTokenProps {
  isOpen: boolean;
  /** A token may do no more than who makes it. */
  role: Role;
  onMade: (token: NewToken) => void;
  onClose: () => void;
}

const make = ({ name, kind, role, days }: Draft) =>
  send("post", "/api/tokens", { name, kind, role, days: days === FOREVER ? null : Number(days) });

function MakeTokenForm({ role: own, onMade }: MakeTokenProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const form = useForm(EMPTY, ["name", "kind", "role", "days"], make, (token) => {
    onMade(token);
    return queries.invalidateQueries(tokensQuery);
  });
  const { kind, role, days } = form.draft;
  const roles = ROLES.slice(0, ROLES.indexOf(own) + 1);
  return (
    <Form action={t("tokens.add")} error={form.whole} isBusy={form.isBusy} onSubmit={() => form.submit("save")}>
      <TextField
        form={form}
        name="name"
        data-autofocus
        label={t("form.name")}
        maxLength={100}
        placeholder={t("tokens.name_hint")}
        required
      />
      <Select
        allowDeselect={false}
        data={(["api", "display"] as const).map((one) => ({ value: one, label: t(`tokens.${one}`) }))}
        description={kind === "display" && t("tokens.display_text")}
        error={form.fault("kind")}
        label={t("tokens.kind")}
        onChange={(next) => form.change({ kind: next === "display" ? "display" : "api" })}
        value={kind}
      />
      {kind === "api" && (
        <Select
          allowDeselect={false}
          data={roles.map((one) => ({ value: one, label: t(`role.${one}`) }))}
          error={form.fault("role")}
          label={t("tokens.role")}
          onChange={(next) => form.change({ role: roles.find((one) => one === next) ?? "read_only" })}
          value={role}
        />
      )}
      <Select
        allowDeselect={false}
        data={[
          ...DAYS.map((count) => ({ value: String(count), label: t("tokens.days", { count }) })),
          { value: FOREVER, label: t("tokens.forever") },
        ]}
        error={form.fault("days")}
        label={t("tokens.valid_for")}
        onChange={(next) => next && form.change({ days: next })}
        value={days}
      />
    </Form>
  );
}

export function MakeToken(props: MakeTokenProps) {
  const { t } = useWords();
  return (
    <Dialog isOpen={props.isOpen} onClose={props.onClose} title={t("tokens.add")}>
      <MakeTokenForm {...props} />
    </Dialog>
  );
}
