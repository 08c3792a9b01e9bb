/**
 * The form of a row in the table of requests. A row holds all facts about a request: its schema, the type of its answer, the
 * state of the lab that it needs, and for an action the step of a scenario that does the same.
 */
import type * as v from 'valibot';
import type { ActionStep } from './step-fields.ts';

/**
 * The state of the lab that a request needs: a live run, an open run (live or a recording), or none. The lab refuses the
 * request in any other state.
 */
export type Needs = 'live' | 'open' | 'none';

/** Carries the type of an answer. It has no schema, because the lab makes all answers itself. */
export interface AnswerType<Answer> {
  readonly type: Answer;
}

/** A request. */
export interface RequestRow {
  readonly ask: v.GenericSchema;
  readonly answer: AnswerType<unknown>;
  readonly needs: Needs;
  /** True when it counts as use of the live run. A used run is closed for another one only after the person agreed. */
  readonly uses: boolean;
}

/** A request that acts on a live cluster, for a person, a step of a scenario or a random fault. */
export interface ActionRow extends RequestRow {
  readonly needs: 'live';
  readonly step: ActionStep;
}

/** Makes the answer type of a row. */
export function answer<Answer>(): AnswerType<Answer> {
  return {} as AnswerType<Answer>;
}

/**
 * Makes a row of the actions. The type check requires a step field for every field of the ask, so a step can do everything that
 * the request can.
 */
export function action<Schema extends v.GenericSchema, Answer>(row: {
  readonly ask: Schema;
  readonly answer: AnswerType<Answer>;
  readonly uses: boolean;
  readonly step: ActionStep<keyof v.InferOutput<Schema> & string, keyof Answer & string>;
}) {
  return { ...row, needs: 'live' as const };
}

/** Deep `readonly`, for asks, which do not change after the check. */
export type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;
