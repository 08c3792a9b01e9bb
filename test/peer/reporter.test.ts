/** Events: numbered without a gap, stamped when they happen, left out only when the lab does not read. */
import { expect, test } from 'vitest';
import { decodeControlUp, MAX_FRAME_BYTES } from '../../src/core/wire/index.ts';
import { COALESCE_BYTES, createReporter } from '../../src/peer/reporter.ts';

test('events are numbered within the life and sent as one batch; an empty batch is not sent', () => {
  const sent: string[] = [];
  let now = 10;
  const reporter = createReporter({ life: 3, nowUs: () => now, send: (text) => sent.push(text), unsentBytes: () => 0 });
  reporter.report({ event: 'TornTailCut', file: 'log/tail-1.jsonl', offset: 5, bytes: 2 });
  now = 20;
  reporter.report({ event: 'MessagesReceived', ids: ['S2.1.1'] });
  reporter.flush();
  reporter.flush();
  expect(sent.map((text) => JSON.parse(text))).toEqual([
    {
      type: 'events',
      events: [
        { timeUs: 10, nseq: 1, life: 3, event: 'TornTailCut', file: 'log/tail-1.jsonl', offset: 5, bytes: 2 },
        { timeUs: 20, nseq: 2, life: 3, event: 'MessagesReceived', ids: ['S2.1.1'] },
      ],
      coalesced: 0,
    },
  ]);
});

test('reporter: 8 MiB unsent → received messages omitted and counted, other events sent', () => {
  const sent: string[] = [];
  let unsent = COALESCE_BYTES + 1;
  const reporter = createReporter({
    life: 1,
    nowUs: () => 0,
    send: (text) => sent.push(text),
    unsentBytes: () => unsent,
  });
  reporter.report({ event: 'MessagesReceived', ids: ['S2.1.1'] });
  reporter.report({ event: 'SegmentSealed', file: 'log/1.json', first: 1, last: 256 });
  reporter.report({ event: 'MessagesReceived', ids: ['S2.1.2'] });
  unsent = COALESCE_BYTES;
  reporter.report({ event: 'MessagesReceived', ids: ['S2.1.3'] });
  reporter.flush();
  const batch = JSON.parse(sent[0] ?? '');
  expect(batch.coalesced).toBe(2);
  expect(batch.events.map(({ nseq, event }: { nseq: number; event: string }) => [nseq, event])).toEqual([
    [2, 'SegmentSealed'],
    [4, 'MessagesReceived'],
  ]);
});

test('a batch larger than a frame may be is sent in parts, in order: the lab would hang up on it', () => {
  const sent: string[] = [];
  const reporter = createReporter({ life: 1, nowUs: () => 0, send: (text) => sent.push(text), unsentBytes: () => 0 });
  const value = '\u00e4'.repeat(65_536);
  const command = { op: 'set', key: 'k', value };
  for (let index = 1; index <= 100; index += 1) {
    const entry = { type: 'command', session: null, sequence: null, command, index, term: 1 } as const;
    reporter.report({ event: 'EntriesProposed', term: 1, first: index, last: index, chain: '0', entries: [entry] });
  }
  reporter.flush();
  for (const text of sent) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  const numbers = sent.flatMap((text) => JSON.parse(text).events.map(({ nseq }: { nseq: number }) => nseq));
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
});

test('reporter: a write is next → frame announces it; its end is reported without other events', () => {
  const sent: string[] = [];
  const reporter = createReporter({ life: 1, nowUs: () => 5, send: (text) => sent.push(text), unsentBytes: () => 0 });
  reporter.report({ event: 'TicksBegan' });
  reporter.flush(true);
  reporter.flush(true);
  reporter.flush();
  reporter.flush();
  const frames = sent.map((text) => decodeControlUp(text));
  expect(frames).toMatchObject([
    { type: 'events', events: [{ event: 'TicksBegan' }], writes: true },
    { type: 'events', events: [] },
  ]);
  expect(frames[1]).not.toHaveProperty('writes');
});
