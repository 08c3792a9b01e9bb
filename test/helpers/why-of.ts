/** The reason of one event of a trace that is in memory: the same question as `why` of the lab, without a recording. */
import type { WhyAsk } from '../../src/core/actions/questions.ts';
import { pastOf } from '../../src/core/trace/causes-past.ts';
import { emptyView, fold, type TraceEvent } from '../../src/core/trace/index.ts';
import { compareEvents } from '../../src/core/trace/order.ts';
import { type Why, whyOf } from '../../src/core/why/index.ts';

/** @param events  in any order; null when none of them has this `seq` */
export function whyAmong(events: readonly TraceEvent[], { seq, of = 'story' }: WhyAsk): Why | null {
  const event = events.find((one) => one.seq === seq);
  if (event === undefined) return null;
  const earlier = events.filter((one) => compareEvents(one, event) < 0).sort(compareEvents);
  return whyOf(event, { past: pastOf(earlier), before: earlier.reduce(fold, emptyView), of });
}
