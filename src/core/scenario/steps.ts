/**
 * Every step a scenario file may have, with its fields: one table that the reader checks against, the interpreter relies
 * on and docs/scenarios.md is tested against. `main` is the field meant when a step has a bare value.
 */

import { MOST_CLIENTS, MOST_PER_MINUTE, MOST_SECONDS, MOST_SERVERS, MOST_TIMES, type NumberRange } from './bounds.ts';
import { ScenarioMistake } from './problem.ts';

/** The kind of a field's value. `expression` may be a list; `steps` are steps; `name` is a name that gets a value. */
export type FieldKind =
  | 'expression'
  | 'name'
  | 'steps'
  | 'branches'
  | 'bindings'
  | 'words'
  | 'word'
  | 'command'
  | 'flag';

export interface FieldSpec {
  readonly kind: FieldKind;
  readonly needed: boolean;
  /** For `word`: what may be written. For `flag`: what may be written instead of `true`. */
  readonly among?: readonly string[];
  /** For `expression`: it is a number in this range. */
  readonly range?: NumberRange;
}

export interface StepSpec {
  readonly main: string | null;
  readonly fields: Readonly<Record<string, FieldSpec>>;
}

const value: FieldSpec = { kind: 'expression', needed: true };
const maybe: FieldSpec = { kind: 'expression', needed: false };
const name: FieldSpec = { kind: 'name', needed: true };
const maybeName: FieldSpec = { kind: 'name', needed: false };
const steps: FieldSpec = { kind: 'steps', needed: true };
const words: FieldSpec = { kind: 'words', needed: true };

const amount = (least: number, most: number): FieldSpec => ({ ...value, range: { least, most } });
/** Milliseconds; none is longer than a scenario can last. */
const ms = amount(0, MOST_SECONDS * 1_000);
/** A span that may have run out when its step begins (`5000 - elapsed()`): then it is over. */
const within: FieldSpec = { ...ms, needed: false };
const times = amount(0, MOST_TIMES);
const servers = amount(0, MOST_SERVERS);

const targets: StepSpec = { main: 'servers', fields: { servers: value } };

export const STEPS = {
  // The course's helpers, with their polling (docs/scenarios.md).
  one: { main: null, fields: { value, servers, as: maybeName } },
  checkOneLeader: { main: 'as', fields: { as: name } },
  checkTerms: { main: 'as', fields: { as: name } },
  checkNoLeader: { main: 'on', fields: { on: { kind: 'flag', needed: true } } },
  wait: { main: null, fields: { index: value, servers, term: maybe, as: maybeName } },
  Start: {
    main: null,
    fields: {
      ...{ servers: value, value, leader: maybeName, leaderConnected: maybeName },
      ...{ index: maybeName, term: maybeName },
    },
  },
  connect: targets,
  disconnect: targets,
  start1: targets,
  crash1: targets,
  rpcs: { main: 'as', fields: { as: name } },
  terms: { main: 'as', fields: { as: name } },
  // Processes and links.
  kill: targets,
  restart: targets,
  killInWrite: targets,
  freeze: targets,
  resume: targets,
  partition: { main: 'groups', fields: { groups: value } },
  cut: { main: null, fields: { from: value, to: value } },
  cutClients: targets,
  heal: { main: 'on', fields: { on: { kind: 'flag', needed: true, among: ['links'] } } },
  network: {
    main: 'is',
    fields: { is: { kind: 'word', needed: true, among: ['reliable', 'unreliable', 'long-reordering'] } },
  },
  checkFiles: { main: 'on', fields: { on: { kind: 'flag', needed: true } } },
  submit: { main: 'command', fields: { command: { kind: 'command', needed: true } } },
  clients: { main: null, fields: { name, count: amount(0, MOST_CLIENTS), while: value } },
  nemesis: { main: 'perMinute', fields: { perMinute: amount(0, MOST_PER_MINUTE) } },
  // Conditions.
  expect: { main: null, fields: { that: value, within, says: words } },
  require: { main: null, fields: { that: value, says: words } },
  warn: { main: null, fields: { when: value, says: words } },
  // Order.
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

export type StepKind = keyof typeof STEPS;

/** @throws ScenarioMistake for a number outside of the field's range, and for NaN */
export function assertInRange(kind: StepKind, field: string, value: number): void {
  const { fields }: StepSpec = STEPS[kind];
  const range = fields[field]?.range;
  if (range === undefined || (value >= range.least && value <= range.most)) return;
  throw new ScenarioMistake(`${field} is a number from ${range.least} to ${range.most}, not ${value}`);
}
