/** A scenario file after reading: checked data, with the place of every step. */
import type { BothLanguages, Command, LinkPolicy, Timing } from '../vocabulary/index.ts';
import type { Expression } from './expression.ts';
import type { Place } from './problem.ts';
import type { StepKind } from './steps.ts';

/** The value of a field. */
export type Field =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'branches'; readonly branches: readonly (readonly Step[])[] }
  | { readonly kind: 'bindings'; readonly bindings: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'words'; readonly words: BothLanguages }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'flag' }
  | { readonly kind: 'boolean'; readonly is: boolean }
  /** Every direction from a server of `from` to a server of `to`. */
  | { readonly kind: 'links'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'policy'; readonly policy: LinkPolicy };

export interface Step {
  readonly kind: StepKind;
  readonly at: Place;
  /** The step's text in the file, shortened to one line of at most 100 characters. */
  readonly text: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** The cluster on which a scenario is played. */
export interface ScenarioCluster {
  readonly servers: number;
  /** `course`: no extensions, election timeout 300–600 ms, heartbeat 50 ms, real pace (docs/scenarios.md). */
  readonly mode: 'course' | 'paper' | 'production';
  readonly pace: 'real' | 'classroom' | 'slow-motion';
  /** The fields of the timing that the file sets; the mode decides the others. */
  readonly timing: Partial<Timing>;
}

export interface Scenario {
  readonly name: string;
  readonly title: BothLanguages;
  /** Part of the report that the scenario belongs to; empty when it belongs to no part. */
  readonly part: string;
  /** Position within its part; 0 outside the report. */
  readonly order: number;
  /** Duration in the report's table, in seconds; null when the table has no duration for it. */
  readonly reported: number | null;
  readonly cluster: ScenarioCluster;
  /** Time limit in seconds; a run that takes longer ends with the verdict unknown. */
  readonly limit: number;
  readonly steps: readonly Step[];
}
