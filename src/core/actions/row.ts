/**
 * The form of a row in the table of requests. A row holds everything that is known of a request: its schema, the type of its
 * answer, the state of the lab that it needs, and for an action the step of a scenario that does the same.
 */
import type * as v from 'valibot';
import type { ActionStep } from './step-fields.ts';

/**
 * The state of the lab that a request needs: a live run, an open run (live or a recording), or none. The lab refuses the
 * request in any other state.
 */
export type Needs = 'live' | 'open' | 'none';

/** The type of an answer. Only the type exists: answers are made by the lab itself, so nothing checks them. */
export interface AnswerType<Answer> {
  readonly type: Answer;
}

/** A request that asks or that changes what is open. */
export interface RequestRow {
  readonly ask: v.GenericSchema;
  readonly answer: AnswerType<unknown>;
  readonly needs: Needs;
  /** True: the live run has been used after it, and a person is asked before it is closed for another run. */
  readonly uses: boolean;
}

/** A request that does something to a live cluster: by hand, as a step of a scenario and as a random fault alike. */
export interface ActionRow extends RequestRow {
  readonly needs: 'live';
  readonly step: ActionStep;
}

/** The type of an answer, for a row. */
export function answer<Answer>(): AnswerType<Answer> {
  return {} as AnswerType<Answer>;
}

/**
 * A row of the actions. The type check demands a step field for every field of the ask, so a step cannot do less than the
 * request of the same name.
 */
export function action<Schema extends v.GenericSchema, Answer>(row: {
  readonly ask: Schema;
  readonly answer: AnswerType<Answer>;
  readonly uses: boolean;
  readonly step: ActionStep<keyof v.InferOutput<Schema> & string, keyof Answer & string>;
}) {
  return { ...row, needs: 'live' as const };
}

/** Deep `readonly`: the types of asks, which nobody changes after they were checked. */
export type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;
