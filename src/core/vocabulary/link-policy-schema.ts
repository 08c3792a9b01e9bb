/** The schema of a link policy that comes from outside the program: every field and its bounds. */
import * as v from 'valibot';
import type { LinkPolicy } from './link-policy.ts';

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const delay = v.pipe(amount, v.maxValue(60_000));
const percent = v.pipe(amount, v.maxValue(100));
const shape = v.pipe(
  v.strictObject({
    delayMs: delay,
    jitterMs: delay,
    lossPercent: percent,
    duplicatePercent: percent,
    reorderPercent: percent,
    reorderMinMs: delay,
    reorderMaxMs: delay,
  }),
  v.check(({ reorderMinMs, reorderMaxMs }) => reorderMinMs <= reorderMaxMs),
);

/** Schema of an untrusted policy. */
export const linkPolicySchema = v.variant('mode', [
  v.strictObject({ mode: v.literal('pass') }),
  v.strictObject({ mode: v.literal('cut') }),
  v.strictObject({ mode: v.literal('hold') }),
  v.strictObject({ mode: v.literal('shape'), requests: shape, replies: shape }),
]) satisfies v.GenericSchema<LinkPolicy>;
