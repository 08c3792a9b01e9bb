/** The finding of one check of the doctor, and the type of a check. */
import type { Terminal } from './terminal.ts';

/** `missing`: something is left out, the rest works; `bad`: the lab cannot run. */
export interface Finding {
  readonly check: string;
  readonly state: 'good' | 'missing' | 'bad';
  readonly found: string;
  /** The remedy; empty when the finding is good. */
  readonly remedy: string;
}

/** Tries one thing; what is wrong is an answer, never an error. */
export type Check = (terminal: Terminal) => Promise<Omit<Finding, 'check'>>;

/** @param remedy  left out when it is good */
export function verdict(state: Finding['state'], found: string, remedy: string): Omit<Finding, 'check'> {
  return { state, found, remedy: state === 'good' ? '' : remedy };
}
