/** A choice between a few values: a label above a row of them. */
import { SegmentedControl } from '@mantine/core';

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => unknown;
  /** A sentence below the row. */
  readonly hint?: string;
  readonly data: readonly { readonly value: Value; readonly label: string }[];
}

export function Choice<Value extends string>({ label, value, onChange, data, hint }: ChoiceProps<Value>) {
  return (
    <div>
      <p className="label">{label}</p>
      <SegmentedControl
        fullWidth
        aria-label={label}
        value={value}
        onChange={(chosen) => void onChange(chosen as Value)}
        data={[...data]}
      />
      {hint === undefined ? null : <p className="faint choice-hint">{hint}</p>}
    </div>
  );
}
