/**
 * The time and memory of a run's judges, measured on generated healthy runs: 10^4, 10^5 and 10^6 events, some of them
 * commands of 60 KB; elections after many terms; and a day of 40 million events. Bytes and verdicts are asserted. Times
 * are only printed beside their bounds, because they depend on this machine.
 */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BoundedMap, MOST_FACTS } from '../../src/core/check/bounded-map.ts';
import { createJudge } from '../../src/core/check/index.ts';
import { chainOf, GENESIS_CHAIN } from '../../src/core/raft/index.ts';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import type { WireEntry } from '../../src/core/vocabulary/index.ts';
import { HEALTHY_SETTINGS, HealthyTrace } from '../helpers/healthy-trace.ts';
import { AllJudges, median, Pauses, type Stopwatch } from '../helpers/judge-costs.ts';

const MOST_KEPT = 150e6;
const MEAN_US = 5;
const SLOWEST_MS = 20;
const RUNS = 5;

const told = (value: number, bound: number): string => `${value.toFixed(1)} (${value <= bound ? 'met' : 'NOT MET'})`;

interface Cost {
  readonly meanUs: number;
  /** The mean without pauses of the garbage collector, most of which clear away the generated events. */
  readonly ownUs: number;
  readonly slowestMs: number;
  /** Mean number of processors that this process got during the measurement. Other programs make all times longer. */
  readonly share: number;
  readonly keptBytes: number;
}

/** Generates a run and passes every event to all judges. Yields to the event loop after every 20,000 events. */
async function played(
  events: number,
  options: { readonly seed: number; readonly largePerThousand: number; readonly killEvery: number },
) {
  const judges = new AllJudges(HEALTHY_SETTINGS);
  const pauses = new Pauses();
  let keptBytes = 0;
  const trace = new HealthyTrace({ ...options, usPerEvent: 2_160 }, (event) => judges.hear(event));
  for (let upTo = 0; upTo < events; ) {
    upTo = Math.min(events, upTo + 20_000);
    trace.runTo(upTo);
    keptBytes = Math.max(keptBytes, judges.keptBytes());
    await setImmediate();
  }
  return { judges, trace, pauses: await pauses.all(), keptBytes };
}

function costOf(watch: Stopwatch, events: number, keptBytes: number, pauses: Awaited<ReturnType<Pauses['all']>>): Cost {
  return {
    meanUs: (watch.totalMs * 1_000) / events,
    ownUs: ((watch.totalMs - watch.pausedMs(pauses)) * 1_000) / events,
    slowestMs: watch.slowestMs(pauses),
    share: watch.share(),
    keptBytes,
  };
}

test.each([10_000, 100_000, 1_000_000])(
  '%i events, 1 % of them commands of 60 KB → at most 150 MB kept',
  async (events) => {
    const costs: Cost[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { judges, trace, pauses, keptBytes } = await played(events, {
        seed: 1 + run,
        largePerThousand: 10,
        killEvery: 3_000,
      });
      costs.push(costOf(judges.watch, trace.events, keptBytes, pauses));
      expect(trace.largeCommands).toBeGreaterThan(events / 101);
      expect(judges.outcomes()).toEqual(AllJudges.allValid);
      expect(keptBytes).toBeLessThan(MOST_KEPT);
    }
    const of = (name: keyof Cost): number => median(costs.map((cost) => cost[name]));
    console.log(
      `${events} events, median of ${RUNS} runs: mean ${told(of('ownUs'), MEAN_US)} µs an event, ` +
        `slowest ${told(of('slowestMs'), SLOWEST_MS)} ms, both without pauses of the collector; ` +
        `with them ${of('meanUs').toFixed(1)} µs; ` +
        `kept ${(of('keptBytes') / 1e6).toFixed(1)} MB, ${Math.round(100 * of('share'))} % of a processor`,
    );
  },
  1_800_000,
);

test('day: 40 million events → valid, at most 150 MB kept', async () => {
  const events = Number(process.env.RAFT_LAB_JUDGED_EVENTS ?? 40_000_000);
  const beganMs = performance.now();
  const { judges, trace, pauses, keptBytes } = await played(events, {
    seed: 24,
    largePerThousand: 0.25,
    killEvery: 100_000,
  });
  const minutes = (performance.now() - beganMs) / 60_000;
  const { meanUs, ownUs, slowestMs, share } = costOf(judges.watch, trace.events, keptBytes, pauses);
  console.log(
    `${trace.events} events, ${trace.largeCommands} of 60 KB, in ${told(minutes, 15)} minutes: ` +
      `mean ${told(ownUs, MEAN_US)} µs an event, slowest ${told(slowestMs, SLOWEST_MS)} ms, both without pauses of the ` +
      `collector; with them ${meanUs.toFixed(1)} µs; ` +
      `kept ${(keptBytes / 1e6).toFixed(1)} MB, heap ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB, ` +
      `${Math.round(100 * share)} % of a processor`,
  );
  expect(judges.outcomes()).toEqual(AllJudges.allValid);
  expect(keptBytes).toBeLessThan(MOST_KEPT);
}, 3_000_000);

/**
 * Runs elections one after another, with a hundred entries in each term.
 * @returns duration of the last election, milliseconds
 */
function electionMs(terms: number): number {
  const judge = createJudge(['S1']);
  let [seq, chain, index, ms] = [0, GENESIS_CHAIN, 0, 0];
  const tell = (event: object): void => {
    seq += 1;
    judge.observe({ seq, timeUs: seq, source: 'S1', nseq: seq, life: 1, ...event } as TraceEvent);
  };
  for (let term = 1; term <= terms; term += 1) {
    const began = performance.now();
    tell({ event: 'LeaderElected', term, voters: [], lastIndex: index, chain });
    ms = performance.now() - began;
    const entries = Array.from({ length: 100 }, (_, at): WireEntry => ({ index: index + at + 1, term, type: 'noop' }));
    chain = entries.reduce(chainOf, chain);
    tell({ event: 'EntriesProposed', term, first: index + 1, last: index + 100, chain, entries });
    tell({ event: 'CommitAdvanced', term, from: index, to: index + 100, reason: 'quorum', chain });
    index += 100;
  }
  return ms;
}

test('election after 500 and 2,000 terms, a fact past the bound of a map → costs printed', () => {
  for (const terms of [500, 2_000]) {
    const ms = median(Array.from({ length: RUNS }, () => electionMs(terms)));
    console.log(`one election after ${terms} terms of 100 entries: ${ms.toFixed(3)} ms`);
  }
  const map = new BoundedMap<number, number>();
  const ns = (from: number): number => {
    const began = performance.now();
    for (let key = from; key < from + MOST_FACTS; key += 1) map.set(key, key);
    return ((performance.now() - began) * 1e6) / MOST_FACTS;
  };
  console.log(`a fact before the bound: ${ns(0).toFixed(0)} ns, past it: ${ns(MOST_FACTS).toFixed(0)} ns`);
  expect(map.size).toBe(MOST_FACTS);
});
