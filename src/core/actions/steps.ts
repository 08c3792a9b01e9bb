/** The actions as steps of a scenario, with the names that older files use. */
import { ACTIONS, type ActionName } from './requests.ts';
import type { ActionStep } from './step-fields.ts';

/** Every action's step, by the action's name. */
export const ACTION_STEPS = Object.fromEntries(
  Object.entries(ACTIONS).map(([name, { step }]) => [name, step]),
) as unknown as Readonly<Record<ActionName, ActionStep>>;

/** A step as an older file names it. */
export interface OldStep {
  readonly now: ActionName;
  /** The field that the whole old step became; absent when the fields kept their names. */
  readonly whole?: string;
  /** The link policy that the old name stood for. */
  readonly policy?: string;
}

/** Old names of steps. Old files that use them still play; new files use the names of the actions. */
export const OLD_STEPS: Readonly<Record<string, OldStep>> = {
  cut: { now: 'setLinks', whole: 'links', policy: 'cut' },
  network: { now: 'setNetwork' },
  nemesis: { now: 'setRandomFaults' },
};
