import { TextInput, type TextInputProps } from "@mantine/core";

/** What a form knows of its fields: see useForm. */
export interface FormFields<Draft extends object> {
  readonly draft: Draft;
  fault: (name: string) => string | undefined;
  change: (change: Partial<Draft>) => void;
}

type Texts<Draft> = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft] & string;

interface TextFieldProps<Draft extends object> extends Omit<TextInputProps, "form" | "name" | "value" | "onChange"> {
  form: FormFields<Draft>;
  name: Texts<Draft>;
}

/** A line of a form: what stands in it, and what the server said about it. */
export function TextField<Draft extends object>({ form, name, ...rest }: TextFieldProps<Draft>) {
  return (
    <TextInput
      error={form.fault(name)}
      onChange={(event) => form.change({ [name]: event.currentTarget.value } as Partial<Draft>)}
      value={String(form.draft[name])}
      withAsterisk={false}
      {...rest}
    />
  );
}
