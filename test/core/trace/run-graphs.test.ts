/** The numbers behind the graphs: what each span counts, how it stays bounded, and that halving changes no sum. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGraphCollector, type RunGraphs, type TraceEvent } from '../../../src/core/trace/index.ts';
import { MOST_SPANS } from '../../../src/core/trace/run-graphs.ts';

function graphsOf(events: readonly object[]): RunGraphs {
  const collector = createGraphCollector();
  for (const event of events) collector.hear(event as TraceEvent);
  return collector.graphs();
}

const done = (timeUs: number, latencyUs: number) => ({ event: 'CommandDone', timeUs, latencyUs });
const sent = (timeUs: number, rpc: string, bytes: number, copies?: number) => ({
  event: 'MessageSent',
  ...{ timeUs, rpc, bytes },
  ...(copies === undefined ? {} : { copies }),
});

test('graphs: events of two spans → each counted in its own', () => {
  const { spanUs, spans } = graphsOf([
    { event: 'ElectionStarted', timeUs: 10 },
    { event: 'LeaderElected', timeUs: 20 },
    done(30, 1_000),
    sent(40, 'AppendEntries', 100),
    sent(50, 'AppendEntries', 50, 2),
    { event: 'ElectionStarted', timeUs: 250_000 },
    sent(250_001, 'Command', 7),
  ]);
  expect(spanUs).toBe(250_000);
  expect(spans).toMatchObject([
    { answered: 1, elections: 1, elected: 1, bytes: { AppendEntries: 200 } },
    { answered: 0, p50Us: null, p99Us: null, elections: 1, elected: 0, bytes: { Command: 7 } },
  ]);
});

test('graphs: a hundred latencies → p50 and p99 within 2.5 %', () => {
  const { spans } = graphsOf(Array.from({ length: 100 }, (_, at) => done(at, (at + 1) * 1_000)));
  const [span] = spans;
  expect(Math.abs((span?.p50Us ?? 0) / 50_000 - 1)).toBeLessThan(0.025);
  expect(Math.abs((span?.p99Us ?? 0) / 99_000 - 1)).toBeLessThan(0.025);
});

test('graphs: quiet events only → spans up to the newest of them', () => {
  expect(graphsOf([{ event: 'ElectionTimerReset', timeUs: 1_000_001 }]).spans).toHaveLength(5);
  expect(graphsOf([]).spans).toEqual([]);
});

test('graphs: any run → bounded, sums kept, same for every order', () => {
  const event = fc.record({ timeUs: fc.nat(4_000_000_000), latencyUs: fc.nat(10_000_000), bytes: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1 }), (drawn) => {
      const events = drawn.flatMap(({ timeUs, latencyUs, bytes }) => [
        done(timeUs, latencyUs),
        sent(timeUs, 'Command', bytes),
      ]);
      const graphs = graphsOf(events);
      expect(graphs.spans.length).toBeLessThanOrEqual(MOST_SPANS);
      expect(graphs.spans.reduce((sum, { answered }) => sum + answered, 0)).toBe(drawn.length);
      const bytes = graphs.spans.reduce((sum, span) => sum + (span.bytes.Command ?? 0), 0);
      expect(bytes).toBe(drawn.reduce((sum, one) => sum + one.bytes, 0));
      expect(graphsOf(events.toReversed())).toEqual(graphs);
    }),
  );
});
