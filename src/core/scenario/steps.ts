/**
 * Every step of a scenario file, with its fields. The reader checks against this table, the interpreter relies on it,
 * and docs/scenarios.md is tested against it. Actions on the cluster come from their own table (core/actions); this
 * file adds the steps that only a scenario has. `main` is the field that a step's bare value sets.
 */
import {
  ACTION_STEPS,
  type ActionName,
  type ActionStep,
  type ArgumentKind,
  type NumberRange,
} from '../actions/index.ts';
import { MOST_CLIENTS, MOST_SECONDS, MOST_SERVERS, MOST_TIMES } from './bounds.ts';
import { ScenarioMistake } from './problem.ts';

/**
 * The kind of a field's value, either an action's kind or one that only scenarios have. `expression` may be a list;
 * `steps` are steps; `name` is a name that gets a value; `words` is a sentence in both languages; `flag` is `true`.
 */
export type FieldKind = ArgumentKind | 'expression' | 'name' | 'steps' | 'branches' | 'bindings' | 'words' | 'flag';

export interface FieldSpec {
  readonly kind: FieldKind;
  readonly needed: boolean;
  /** For `word`: the allowed words. */
  readonly among?: readonly string[];
  /** For `expression` and `number`: the range of the number. */
  readonly range?: NumberRange;
}

export interface StepSpec {
  readonly main: string | null;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** Words that may replace the fields. */
  readonly words?: NonNullable<ActionStep['words']>;
}

const value: FieldSpec = { kind: 'expression', needed: true };
const maybe: FieldSpec = { kind: 'expression', needed: false };
const name: FieldSpec = { kind: 'name', needed: true };
const maybeName: FieldSpec = { kind: 'name', needed: false };
const steps: FieldSpec = { kind: 'steps', needed: true };
const words: FieldSpec = { kind: 'words', needed: true };

const amount = (least: number, most: number): FieldSpec => ({ ...value, range: { least, most } });
/** A duration in milliseconds, at most as long as a scenario can last. */
const ms = amount(0, MOST_SECONDS * 1_000);
/** A time limit in milliseconds. A computed value of 0 or less (`5000 - elapsed()`) means that it has passed. */
const within: FieldSpec = { ...ms, needed: false };
const times = amount(0, MOST_TIMES);
const servers = amount(0, MOST_SERVERS);

const targets: StepSpec = { main: 'servers', fields: { servers: value } };

const SCENARIO_STEPS = {
  // The course's helpers, which poll (docs/scenarios.md).
  one: { main: null, fields: { value, servers, as: maybeName } },
  checkOneLeader: { main: 'as', fields: { as: name } },
  checkTerms: { main: 'as', fields: { as: name } },
  checkNoLeader: { main: 'on', fields: { on: { kind: 'flag', needed: true } } },
  wait: { main: null, fields: { index: value, servers, term: maybe, as: maybeName } },
  Start: {
    main: null,
    fields: {
      servers: value,
      value,
      leader: maybeName,
      leaderConnected: maybeName,
      index: maybeName,
      term: maybeName,
    },
  },
  connect: targets,
  disconnect: targets,
  start1: targets,
  crash1: targets,
  rpcs: { main: 'as', fields: { as: name } },
  terms: { main: 'as', fields: { as: name } },
  // Checks and clients of the scenario itself.
  checkFiles: { main: 'on', fields: { on: { kind: 'flag', needed: true } } },
  clients: { main: null, fields: { name, count: amount(0, MOST_CLIENTS), while: value } },
  // Conditions.
  expect: { main: null, fields: { that: value, within, says: words } },
  require: { main: null, fields: { that: value, says: words } },
  warn: { main: null, fields: { when: value, says: words } },
  // Variables and control flow.
  let: { main: 'names', fields: { names: { kind: 'bindings', needed: true } } },
  collect: { main: null, fields: { into: name, value } },
  sleep: { main: 'ms', fields: { ms } },
  repeat: { main: null, fields: { times, within, as: maybeName, done: maybeName, steps } },
  loop: { main: null, fields: { while: value, steps } },
  forEach: { main: null, fields: { in: value, as: name, steps } },
  if: { main: null, fields: { that: value, steps, else: { kind: 'steps', needed: false } } },
  tries: { main: null, fields: { times, pause: ms, steps, says: words } },
  retry: { main: 'when', fields: { when: value } },
  background: { main: null, fields: { name, steps } },
  join: { main: 'name', fields: { name } },
  parallel: { main: 'branches', fields: { branches: { kind: 'branches', needed: true } } },
  note: { main: 'says', fields: { says: words } },
} as const satisfies Readonly<Record<string, StepSpec>>;

/** Name of a step in a scenario file. */
export type StepKind = keyof typeof SCENARIO_STEPS | ActionName;

/** All steps: those that only a scenario has, then the actions. */
export const STEPS: Readonly<Record<StepKind, StepSpec>> = {
  ...SCENARIO_STEPS,
  ...(Object.fromEntries(Object.entries(ACTION_STEPS).map(([name, step]) => [name, withResult(step)])) as Record<
    ActionName,
    StepSpec
  >),
};

/** Returns the step of an action. Its field `as` names the part of the answer that the table gives. */
function withResult({ result, ...step }: ActionStep): StepSpec {
  return result === undefined ? step : { ...step, fields: { ...step.fields, as: maybeName } };
}

/**
 * Checks a number against its field's range.
 *
 * @throws ScenarioMistake for a number outside the range, and for NaN
 */
export function assertInRange(kind: StepKind, field: string, value: number): void {
  const range = STEPS[kind].fields[field]?.range;
  if (range === undefined || (value >= range.least && value <= range.most)) return;
  throw new ScenarioMistake(`${field} is a number from ${range.least} to ${range.most}, not ${value}`);
}
