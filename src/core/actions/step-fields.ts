/**
 * The form of an action as a step of a scenario. Its fields have the names of the fields of its ask. A field's kind decides how
 * it is written in the file and how the interpreter reads it. docs/scenarios.md describes each kind.
 */

/** Range of a numeric field, both ends included. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
}

/** The kind of an action's field. */
export type ArgumentKind =
  /** Servers by number, name or role. The ask has their ids. */
  | 'servers'
  | 'server'
  /** A list of lists of servers. */
  | 'groups'
  | 'number'
  | 'text'
  /** A whole number. An absent one is drawn from the scenario's seed. */
  | 'seed'
  /** `{ from, to }`: every direction from a server in `from` to a server in `to`. The ask has `S1>S2`. */
  | 'links'
  /** A link policy: its name, or the fields of a shape. */
  | 'policy'
  | 'boolean'
  /** One of the words that the field lists. */
  | 'word'
  /** A command of the store, as a person types it. */
  | 'command';

export interface ArgumentSpec {
  readonly kind: ArgumentKind;
  readonly needed: boolean;
  /** The allowed words, for the kind `word`. */
  readonly among?: readonly string[];
  /** The allowed numbers, for the kind `number`. */
  readonly range?: NumberRange;
}

/** An action as a step. */
export interface ActionStep<Field extends string = string, Result extends string = string> {
  /** The field that a value without a name sets; null when every field needs its name. */
  readonly main: Field | null;
  readonly fields: { readonly [Name in Field]: ArgumentSpec };
  /** The part of the answer that the step's `as` stores; absent when the step has no `as`. */
  readonly result?: Result;
  /**
   * Words that stand for fields, as in `heal: links`. Old files write the word under the name in `field`, too.
   */
  readonly words?: {
    readonly field: string;
    readonly mean: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  };
}

export const SERVERS: ArgumentSpec = { kind: 'servers', needed: true };
export const LINKS: ArgumentSpec = { kind: 'links', needed: true };

/** A field that may be left out. */
export function optional(field: ArgumentSpec): ArgumentSpec {
  return { ...field, needed: false };
}

/** One of these words. */
export function oneOf(among: readonly string[]): ArgumentSpec {
  return { kind: 'word', needed: true, among };
}
