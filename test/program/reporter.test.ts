/**
 * The reporter: events are numbered, stamped when they happen and sent in batches. They are omitted only while the lab
 * does not read.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AnyEvent } from '../../src/core/catalogue/index.ts';
import { type ControlUp, decodeControlUp, isProblem, MAX_FRAME_BYTES } from '../../src/core/wire/index.ts';
import { COALESCE_BYTES, createReporter, type ReporterOptions } from '../../src/program/reporter.ts';

type Frame = Extract<ControlUp, { readonly type: 'events' }>;

const delivered: AnyEvent = {
  event: 'MessageDelivered',
  id: 'S1.1.1',
  link: 'S1>S2',
  kind: 'request',
  rpc: 'AppendEntries',
};
const received: AnyEvent = { event: 'MessagesReceived', ids: ['S2.1.1'] };
const dropped: AnyEvent = { ...delivered, event: 'MessageDropped', reason: 'lost' };
const sentMessage: AnyEvent = { ...delivered, event: 'MessageSent', term: 1, dueUs: 1, bytes: 1 };
const reset: AnyEvent = { event: 'LinkReset', link: 'S1>S2', connections: 1 };
const policy: AnyEvent = { event: 'LinkPolicyChanged', link: 'S1>S2', policy: { mode: 'cut' } };
const sealed: AnyEvent = { event: 'SegmentSealed', file: 'log/1.json', first: 1, last: 256 };
const elected: AnyEvent = { event: 'LeaderElected', term: 3 } as AnyEvent;

let texts: string[];
let unsent: number;
let time: number;

function create(batching?: ReporterOptions['batching']) {
  const options = { life: 2, nowUs: () => time, send: (text: string) => texts.push(text), unsentBytes: () => unsent };
  return createReporter(batching === undefined ? options : { ...options, batching });
}

/** Returns the sent frames, decoded as the lab decodes them. */
function frames(): readonly Frame[] {
  return texts.map((text) => {
    const up = decodeControlUp(text);
    if (isProblem(up) || up.type !== 'events') throw new Error('the lab would refuse this frame');
    return up;
  });
}

beforeEach(() => {
  texts = [];
  unsent = 0;
  time = 10;
});

test('reporter: events, then flush twice → one frame, numbered and timed', () => {
  const reporter = create();
  reporter.report(sealed);
  time = 20;
  reporter.report(received);
  reporter.flush();
  reporter.flush();
  expect(texts.map((text) => JSON.parse(text))).toEqual([
    {
      type: 'events',
      events: [
        { timeUs: 10, nseq: 1, life: 2, ...sealed },
        { timeUs: 20, nseq: 2, life: 2, ...received },
      ],
      coalesced: 0,
    },
  ]);
});

test.each([sentMessage, delivered, dropped, received])(
  'reporter: $event with 8 MiB unsent → counted but not sent',
  (event) => {
    const reporter = create();
    unsent = COALESCE_BYTES + 1;
    reporter.report(event);
    reporter.report(event);
    unsent = COALESCE_BYTES;
    reporter.report(event);
    reporter.flush();
    expect(frames()).toMatchObject([{ coalesced: 2, events: [{ event: event.event, nseq: 3 }] }]);
  },
);

test.each([reset, policy, sealed, elected])('reporter: $event with 8 MiB unsent → still sent', (event) => {
  const reporter = create();
  unsent = COALESCE_BYTES + 1;
  reporter.report(delivered);
  reporter.report(event);
  reporter.flush();
  expect(frames()).toMatchObject([{ coalesced: 1, events: [{ event: event.event, nseq: 2 }] }]);
});

test('reporter: every event omitted → a frame with only their count', () => {
  const reporter = create();
  unsent = COALESCE_BYTES + 1;
  reporter.report(received);
  reporter.flush();
  expect(frames()).toMatchObject([{ coalesced: 1, events: [] }]);
});

test('reporter: batch larger than a frame → sent in parts, in order', () => {
  const reporter = create();
  const value = '\u00e4'.repeat(65_536);
  const command = { op: 'set', key: 'k', value };
  for (let index = 1; index <= 100; index += 1) {
    const entry = { type: 'command', session: null, sequence: null, command, index, term: 1 } as const;
    reporter.report({ event: 'EntriesProposed', term: 1, first: index, last: index, chain: '0', entries: [entry] });
  }
  reporter.flush();
  expect(texts.length).toBeGreaterThan(1);
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  const numbers = frames().flatMap(({ events }) => events.map(({ nseq }) => nseq));
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
});

test('reporter: before a write → frame announces it; after it → its end is reported', () => {
  const reporter = create();
  reporter.report({ event: 'TicksBegan' });
  reporter.flush(true);
  reporter.flush(true);
  reporter.flush();
  reporter.flush();
  expect(frames()).toMatchObject([
    { type: 'events', events: [{ event: 'TicksBegan' }], writes: true },
    { type: 'events', events: [] },
  ]);
  expect(frames()[1]).not.toHaveProperty('writes');
});

describe('batching', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('reporter: events within `afterMs` → one frame, each with its own time and number', () => {
    const reporter = create({ afterMs: 4, maxEvents: 512 });
    reporter.report(delivered);
    time = 1500;
    reporter.report(delivered, 1200);
    vi.advanceTimersByTime(3);
    expect(texts).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(frames()).toMatchObject([
      {
        coalesced: 0,
        events: [
          { timeUs: 10, nseq: 1, life: 2, id: 'S1.1.1' },
          { timeUs: 1200, nseq: 2 },
        ],
      },
    ]);
    vi.advanceTimersByTime(100);
    expect(texts).toHaveLength(1);
  });

  test('reporter: `maxEvents` reached → sent without the timer', () => {
    const reporter = create({ afterMs: 4, maxEvents: 512 });
    for (let at = 0; at < 1000; at += 1) reporter.report(delivered);
    expect(frames().map(({ events }) => events.length)).toEqual([512]);
    reporter.flush();
    expect(frames().flatMap(({ events }) => events.map(({ nseq }) => nseq))).toEqual(
      Array.from({ length: 1000 }, (_, at) => at + 1),
    );
  });

  test('reporter: every event omitted, batching → a frame with their count after `afterMs`', () => {
    const reporter = create({ afterMs: 4, maxEvents: 512 });
    unsent = COALESCE_BYTES + 1;
    reporter.report(delivered);
    vi.advanceTimersByTime(4);
    expect(frames()).toMatchObject([{ coalesced: 1, events: [] }]);
  });
});
