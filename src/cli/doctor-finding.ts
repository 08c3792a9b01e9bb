/** The finding of one check of the doctor, and the type of a check. */
import type { Terminal } from './terminal.ts';

/** The result of one check. `missing`: one feature does not work here, the rest does; `bad`: the lab cannot run. */
export interface Finding {
  readonly check: string;
  readonly state: 'good' | 'missing' | 'bad';
  readonly found: string;
  /** The remedy; empty when the finding is good. */
  readonly remedy: string;
}

/** Tries one thing. A problem is a finding, never a rejection. */
export type Check = (terminal: Terminal) => Promise<Omit<Finding, 'check'>>;

/** @param remedy  dropped when the state is good */
export function verdict(state: Finding['state'], found: string, remedy: string): Omit<Finding, 'check'> {
  return { state, found, remedy: state === 'good' ? '' : remedy };
}
