/**
 * Every step a scenario file may have, with its fields: one table that the reader checks against, the interpreter relies
 * on and docs/scenarios.md is tested against. `main` is the field meant when a step has a bare value.
 */

/** What a field holds. `expression` may be a list; `steps` are steps; `name` is a name that gets a value. */
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

const targets: StepSpec = { main: 'servers', fields: { servers: value } };

export const STEPS = {
  // The course's helpers, with their polling (docs/scenarios.md).
  one: { main: null, fields: { value, servers: value, as: maybeName } },
  checkOneLeader: { main: 'as', fields: { as: name } },
  checkTerms: { main: 'as', fields: { as: name } },
  checkNoLeader: { main: 'on', fields: { on: { kind: 'flag', needed: true } } },
  wait: { main: null, fields: { index: value, servers: value, term: maybe, as: maybeName } },
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
  clients: { main: null, fields: { name, count: value, while: value } },
  nemesis: { main: 'perMinute', fields: { perMinute: value } },
  // Conditions.
  expect: { main: null, fields: { that: value, within: maybe, says: words } },
  require: { main: null, fields: { that: value, says: words } },
  warn: { main: null, fields: { when: value, says: words } },
  // Order.
  let: { main: 'names', fields: { names: { kind: 'bindings', needed: true } } },
  collect: { main: null, fields: { into: name, value } },
  sleep: { main: 'ms', fields: { ms: value } },
  repeat: { main: null, fields: { times: value, within: maybe, as: maybeName, done: maybeName, steps } },
  loop: { main: null, fields: { while: value, steps } },
  forEach: { main: null, fields: { in: value, as: name, steps } },
  if: { main: null, fields: { that: value, steps, else: { kind: 'steps', needed: false } } },
  tries: { main: null, fields: { times: value, pause: value, steps, says: words } },
  retry: { main: 'when', fields: { when: value } },
  background: { main: null, fields: { name, steps } },
  join: { main: 'name', fields: { name } },
  parallel: { main: 'branches', fields: { branches: { kind: 'branches', needed: true } } },
  note: { main: 'says', fields: { says: words } },
} as const satisfies Readonly<Record<string, StepSpec>>;

export type StepKind = keyof typeof STEPS;
