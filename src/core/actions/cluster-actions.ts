/** Actions on the whole cluster: keep alive, random faults, the pace. */
import * as v from 'valibot';
import type { PaceName } from '../vocabulary/index.ts';
import { pace, seed } from './fields.ts';
import { LIMITS } from './limits.ts';
import { action, answer } from './row.ts';
import { oneOf } from './step-fields.ts';

export const CLUSTER_ACTIONS = {
  /** Whether servers that are gone are started again; three exits of one server in 10 s that nobody ordered end it. */
  setKeepAlive: action({
    ask: v.strictObject({ on: v.boolean() }),
    answer: answer<{ readonly on: boolean }>(),
    uses: false,
    step: { main: 'on', fields: { on: { kind: 'boolean', needed: true } } },
  }),
  /**
   * Random faults, `perMinute` of them on average; a null seed is drawn. While they are on, they go on with these. 0 ends them
   * and undoes all they did; the request does not wait for the recovery, the step does. The answer's seed is null then.
   */
  setRandomFaults: action({
    ask: v.strictObject({
      perMinute: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LIMITS.perMinute)),
      seed: v.nullable(seed),
    }),
    answer: answer<{ readonly seed: number | null }>(),
    uses: true,
    step: {
      main: 'perMinute',
      fields: {
        perMinute: { kind: 'number', needed: true, range: { least: 0, most: LIMITS.perMinute } },
        seed: { kind: 'seed', needed: false },
      },
    },
  }),
  /** Slows or quickens every server and every link; counts of ticks stay. */
  setPace: action({
    ask: v.strictObject({ pace }),
    answer: answer<{ readonly pace: PaceName }>(),
    uses: false,
    step: { main: 'pace', fields: { pace: oneOf(pace.options) } },
  }),
};
