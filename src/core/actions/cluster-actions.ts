/** Actions on the whole cluster: keep alive, random faults, the pace. */
import * as v from 'valibot';
import { type PaceName, TIMING_LIMITS, type Timing } from '../vocabulary/index.ts';
import { pace, seed, timing } from './fields.ts';
import { LIMITS } from './limits.ts';
import { action, answer } from './row.ts';
import { type ArgumentSpec, oneOf } from './step-fields.ts';

const number = (name: keyof Timing): ArgumentSpec => ({ kind: 'number', needed: false, range: TIMING_LIMITS[name] });

export const CLUSTER_ACTIONS = {
  /** Turns automatic restarts of ended servers on or off. Three unordered exits of one server within 10 s turn them off. */
  setKeepAlive: action({
    ask: v.strictObject({ on: v.boolean() }),
    answer: answer<{ readonly on: boolean }>(),
    uses: false,
    step: { main: 'on', fields: { on: { kind: 'boolean', needed: true } } },
  }),
  /**
   * Starts random faults, `perMinute` of them on average; a null seed is drawn. Random faults that are already on take the new
   * values. With 0 they end, and their faults are undone; the answer's seed is then null. The step waits for the recovery, the
   * request does not.
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
  /** Changes the speed of every server and every link. Timeouts keep their number of ticks. */
  setPace: action({
    ask: v.strictObject({ pace }),
    answer: answer<{ readonly pace: PaceName }>(),
    uses: false,
    step: { main: 'pace', fields: { pace: oneOf(pace.options) } },
  }),
  /**
   * Changes election timeouts, heartbeat, and the delay and loss of messages; a field that is left out stays. Links change at
   * once, servers at their next timer. `changedTiming` describes the exceptions.
   */
  setTiming: action({
    ask: v.strictObject({ ...timing, paceHop: v.exactOptional(v.boolean()) }),
    answer: answer<{ readonly timing: Timing }>(),
    uses: true,
    step: {
      main: null,
      fields: {
        electionTicks: number('electionTicks'),
        electionMaxTicks: number('electionMaxTicks'),
        heartbeatTicks: number('heartbeatTicks'),
        hopTicks: number('hopTicks'),
        jitterTicks: number('jitterTicks'),
        lossPercent: number('lossPercent'),
        paceHop: { kind: 'boolean', needed: false },
      },
    },
  }),
};
