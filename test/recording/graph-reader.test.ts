/** The graphs read from a growing and from a finished trace equal those of all its events, each counted once. */
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { createGraphCollector } from '../../src/core/trace/run-graphs.ts';
import { createGraphReader } from '../../src/recording/graph-reader.ts';
import type { SortedTrace } from '../../src/recording/sorted-trace.ts';
import { createTraceIndex } from '../../src/recording/trace-index.ts';

/** A trace of answered commands in blocks of ten; events up to `seq` `shown` are delivered. */
function growing() {
  const index = createTraceIndex({ blockEvents: 10, keptBlocks: 100_000 });
  const events: TraceEvent[] = [];
  let shown = 0;
  const trace = {
    index,
    readBlock: async ({ events: of }: { readonly events: readonly TraceEvent[] | null }) =>
      (of ?? []).filter(({ seq }) => seq <= shown),
  } as unknown as SortedTrace;
  return {
    trace,
    events,
    add(count: number): void {
      for (let at = 0; at < count; at += 1) {
        const seq = events.length + 1;
        const event = {
          seq,
          timeUs: seq * 1_000,
          source: 'C1',
          nseq: seq,
          life: 1,
          event: 'CommandDone',
          latencyUs: 5,
        };
        events.push(event as unknown as TraceEvent);
        index.add(event as unknown as TraceEvent, 100, null);
      }
    },
    show(upTo: number): void {
      shown = upTo;
    },
  };
}

function graphsOf(events: readonly TraceEvent[]) {
  const collector = createGraphCollector();
  for (const event of events) collector.hear(event);
  return { ...collector.graphs(), share: 1 };
}

test('graphs: a run that grows between requests → each event counted once', async () => {
  const { trace, events, add, show } = growing();
  const read = createGraphReader(trace);
  expect(await read()).toMatchObject({ spans: [], share: 1 });
  for (const [count, hidden] of [
    [7, 0],
    [30, 4],
    [1, 0],
    [55, 11],
    [0, 0],
  ] as const) {
    add(count);
    show(events.length - hidden);
    expect(await read()).toEqual(graphsOf(events.slice(0, events.length - hidden)));
  }
});

test('graphs: blocks that come while an open one is read → its later events are counted, too', async () => {
  const { trace, events, add, show } = growing();
  add(15);
  show(12);
  let isGrown = false;
  const readBlock: SortedTrace['readBlock'] = async (block) => {
    const heard = await trace.readBlock(block);
    if (!isGrown && block === trace.index.blocks[1]) {
      isGrown = true;
      add(40);
      show(55);
    }
    return heard;
  };
  const read = createGraphReader({ ...trace, readBlock });
  await read();
  expect(await read()).toEqual(graphsOf(events));
});

test('graphs: two requests at once → the same answer', async () => {
  const { trace, events, add, show } = growing();
  add(95);
  show(95);
  const read = createGraphReader(trace);
  const [one, other] = await Promise.all([read(), read()]);
  expect(one).toEqual(graphsOf(events));
  expect(other).toEqual(one);
});

test('graphs: more events than one request reads → the share grows to 1', async () => {
  const { trace, events, add, show } = growing();
  add(150_000);
  show(150_000);
  const read = createGraphReader(trace);
  const { share, spans } = await read();
  expect(share).toBeGreaterThan(0.6);
  expect(share).toBeLessThan(1);
  expect(spans.reduce((sum, { answered }) => sum + answered, 0)).toBe(100_000);
  expect(await read()).toEqual(graphsOf(events));
});
