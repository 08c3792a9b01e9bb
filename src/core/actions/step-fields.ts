/**
 * The form of an action as a step of a scenario: its fields are those of its ask, under the same names. A field's kind says how
 * it is written in the file and what the interpreter makes of it. docs/scenarios.md describes each kind.
 */

/** Numbers that a field takes, both ends included. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
}

/** The kind of an action's field. */
export type ArgumentKind =
  /** Servers by number, name or role; in the ask their ids. */
  | 'servers'
  | 'server'
  /** A list of lists of servers. */
  | 'groups'
  | 'number'
  | 'text'
  /** A whole number; one is drawn from the scenario's seed when the field is left out. */
  | 'seed'
  /** `{ from, to }`: every direction from one of these to one of those; in the ask `S1>S2`. */
  | 'links'
  /** A policy of links by its word, or the fields of a shape. */
  | 'policy'
  | 'boolean'
  /** One of the words that the field lists. */
  | 'word'
  /** A command of the store, as it is typed in the command line. */
  | 'command';

export interface ArgumentSpec {
  readonly kind: ArgumentKind;
  readonly needed: boolean;
  /** For `word`: the words that may be written. */
  readonly among?: readonly string[];
  /** For `number`. */
  readonly range?: NumberRange;
}

/** An action as a step. */
export interface ActionStep<Field extends string = string, Result extends string = string> {
  /** The field that a bare value means; null: every field is written by name. */
  readonly main: Field | null;
  readonly fields: { readonly [Name in Field]: ArgumentSpec };
  /** The part of the answer that the step's `as` names; absent: the step has no `as`. */
  readonly result?: Result;
  /**
   * Single words that stand for fields: `heal: links`. Old files write the word under the name in `field` as well.
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
