/** The input of one length. What is typed counts when the field is left or Enter is pressed, so half a number changes nothing. */
import { useState } from 'react';
import type { PaceName } from '../../core/trace/index.ts';
import type { Timing } from '../../core/vocabulary/index.ts';
import { shownValue, withTyped } from './draft.ts';

/** The timing that the inputs edit. */
export interface TimingEdit {
  readonly timing: Timing;
  readonly pace: PaceName;
  readonly onChange: (timing: Timing) => void;
}

export interface TimingInputProps {
  readonly edit: TimingEdit;
  readonly name: keyof Timing;
  readonly label: string;
}

/** Width of a nearly empty input, in digits. */
const LEAST_DIGITS = 2;

/** An input of the timing. */
export function TimingInput({ edit, name, label }: TimingInputProps) {
  const { timing, pace, onChange } = edit;
  const [typed, setTyped] = useState<string | null>(null);

  const text = typed ?? String(shownValue(timing, name, pace));

  function commit(): void {
    if (typed !== null) onChange(withTyped(timing, name, typed, pace));
    setTyped(null);
  }

  return (
    <input
      inputMode="decimal"
      aria-label={label}
      title={label}
      data-testid={`timing-${name}`}
      value={text}
      style={{ width: `calc(${Math.max(LEAST_DIGITS, text.length)}ch + 2px)` }}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit();
      }}
    />
  );
}
