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
  /** The field that the whole of the old step is; absent: its fields have their names still. */
  readonly whole?: string;
  /** The policy of the links that the old name stood for. */
  readonly policy?: string;
}

/** Old names of steps. Files that have them keep playing; new ones are written with the name of the action. */
export const OLD_STEPS: Readonly<Record<string, OldStep>> = {
  cut: { now: 'setLinks', whole: 'links', policy: 'cut' },
  network: { now: 'setNetwork' },
  nemesis: { now: 'setRandomFaults' },
};
