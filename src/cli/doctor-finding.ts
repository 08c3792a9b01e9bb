/** The result of one check of the doctor, and the type of a check. */
import type { Terminal } from './terminal.ts';

/** The result of one check. `missing`: one feature does not work on this machine; `bad`: the lab cannot run. */
export interface Finding {
  readonly check: string;
  readonly state: 'good' | 'missing' | 'bad';
  readonly found: string;
  /** The remedy; empty when the finding is good. */
  readonly remedy: string;
}

/** Tries one thing. Returns a problem as a finding, and never rejects. */
export type Check = (terminal: Terminal) => Promise<Omit<Finding, 'check'>>;

/** @param remedy  dropped when the state is good */
export function verdict(state: Finding['state'], found: string, remedy: string): Omit<Finding, 'check'> {
  return { state, found, remedy: state === 'good' ? '' : remedy };
}
