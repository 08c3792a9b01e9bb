/** Small pieces that several panels share: a list of names and values, and a box of text that scrolls. */
import './facts.css';
import type { ReactNode } from 'react';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** Text in small type after the value. */
  readonly note?: string;
  readonly testId?: string;
}

/** Names on the left, values on the right. */
export function Facts({ facts, className = '' }: { readonly facts: readonly Fact[]; readonly className?: string }) {
  return (
    <dl className={`facts ${className}`}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd data-testid={fact.testId}>
            {fact.value}
            {fact.note === undefined ? null : <span className="faint"> {fact.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export interface TextBoxProps {
  readonly name: string;
  readonly text: string;
  readonly testId?: string;
}

/** The unchanged text of a file or a program, in a box that scrolls, also from the keyboard. */
export function TextBox({ name, text, testId }: TextBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable from the keyboard
    <section className="text-box" aria-label={name} tabIndex={0} data-testid={testId}>
      <pre>{text}</pre>
    </section>
  );
}
