/** Events on their way to the recorder: batched, numbered, and left out with a count when the lab does not read. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeControlUp, type EventBody, isProblem } from '../../src/core/wire/index.ts';
import { linkPolicyChanged, linkReset, type NetworkEventBody } from '../../src/network/events.ts';
import { COALESCE_BYTES, createReporter } from '../../src/network/reporter.ts';

const message: NetworkEventBody = {
  ...{ event: 'MessageDelivered', id: 'S1.1.1', link: 'S1>S2', kind: 'request', rpc: 'AppendEntries' },
};

let frames: { events: readonly EventBody[]; coalesced: number }[];
let unsent: number;
let time: number;
const create = () =>
  createReporter({
    life: 2,
    nowUs: () => time,
    send(text) {
      const up = decodeControlUp(text);
      if (isProblem(up) || up.type !== 'events') throw new Error('the lab would refuse this frame');
      frames.push(up);
    },
    unsentBytes: () => unsent,
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  frames = [];
  unsent = 0;
  time = 1000;
});
afterEach(() => vi.useRealTimers());

test('events of a few milliseconds travel in one frame, each with its own time and number', () => {
  const reporter = create();
  reporter.report(message);
  time = 1500;
  reporter.report(message, 1200);
  expect(frames).toEqual([]);
  vi.advanceTimersByTime(5);
  expect(frames).toMatchObject([
    {
      coalesced: 0,
      events: [
        { timeUs: 1000, nseq: 1, life: 2, id: 'S1.1.1' },
        { timeUs: 1200, nseq: 2 },
      ],
    },
  ]);
  vi.advanceTimersByTime(100);
  expect(frames).toHaveLength(1);
});

test('a burst does not wait for the timer', () => {
  const reporter = create();
  for (let at = 0; at < 1000; at += 1) reporter.report(message);
  expect(frames.map(({ events }) => events.length)).toEqual([512]);
  reporter.flush();
  expect(frames.flatMap(({ events }) => events.map(({ nseq }) => nseq))).toEqual(
    Array.from({ length: 1000 }, (_, at) => at + 1),
  );
});

test('lab does not read → message events counted instead of kept, all other events kept', () => {
  const reporter = create();
  unsent = COALESCE_BYTES + 1;
  for (let at = 0; at < 3; at += 1) reporter.report(message);
  reporter.report(linkPolicyChanged('S1>S2', { mode: 'cut' }));
  reporter.report(linkReset('S1>S2', 1));
  unsent = 0;
  reporter.report(message);
  vi.advanceTimersByTime(5);
  expect(frames).toMatchObject([
    { coalesced: 3, events: [{ event: 'LinkPolicyChanged', nseq: 4 }, { event: 'LinkReset', nseq: 5 }, { nseq: 6 }] },
  ]);
});
