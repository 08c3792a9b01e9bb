/** Reasons of simulated, recorded and hand-made runs: together they contain every code of the table. */
import { readFileSync } from 'node:fs';
import { drawOptions, simulate } from '../../../src/core/simulation/index.ts';
import { pastOf } from '../../../src/core/trace/causes-past.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import { compareEvents } from '../../../src/core/trace/order.ts';
import { type Why, whyOf } from '../../../src/core/why/index.ts';
import { rareReasons } from './rare-reasons.ts';

/** Seeds whose runs show the reasons of elections, votes and logs. */
const SEEDS = [1, 3, 5, 9, 11, 14];
/** Number of reasons of one kind of event that one run gives; more are alike. */
const OF_EACH = 6;

/** The reasons of all runs, for each event once as an event and once as a sentence of the story. */
export function everyReason(): readonly Why[] {
  const recorded = ['continued', 'scenario', 'violated'].map((name) =>
    readFileSync(`test/fixtures/trace-1/${name}/events.jsonl`, 'utf8'),
  );
  const runs = [
    ...recorded.map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TraceEvent),
    ),
    ...SEEDS.map(simulated),
    rareReasons(),
  ];
  return runs.flatMap(reasonsOf);
}

function simulated(seed: number): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  const servers = seed % 2 === 0 ? 3 : 5;
  simulate({ seed, steps: 2_000, options: { ...drawOptions(seed), servers }, onEvent: (event) => events.push(event) });
  return events;
}

function reasonsOf(events: readonly TraceEvent[]): readonly Why[] {
  const ordered = [...events].sort(compareEvents);
  const past = pastOf(ordered);
  const counts = new Map<string, number>();
  const whys: Why[] = [];
  let view = emptyView;
  for (const event of ordered) {
    const kind = `${event.event} ${'reason' in event ? event.reason : ''}`;
    const count = counts.get(kind) ?? 0;
    const isConclusion = event.event !== 'MessageSent' && event.event !== 'MessageDelivered';
    if (count < OF_EACH) whys.push(whyOf(event, { past, before: view, of: 'event' }));
    const next = fold(view, event);
    if (isConclusion && next.story !== view.story) whys.push(whyOf(event, { past, before: view, of: 'story' }));
    counts.set(kind, count + 1);
    view = next;
  }
  return whys;
}
