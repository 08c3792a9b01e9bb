/** Flights of messages: duration, order, losses, and the messages that are only pulses at real pace. */
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import {
  createFlights,
  DISPLAY_DELAY_US,
  MAX_FLIGHTS_PER_LINK,
  MIN_DWELL_US,
} from '../../src/renderer/store/flights.ts';

let serial = 0;

function sent(fields: object): TraceEvent {
  serial += 1;
  const base = {
    seq: serial,
    timeUs: 0,
    source: 'network',
    nseq: serial,
    life: 1,
    event: 'MessageSent',
    id: `m${serial}`,
  };
  const message = { link: 'S1>S2', kind: 'request', rpc: 'AppendEntries', term: 1, dueUs: 200_000, bytes: 90 };
  return { ...base, ...message, ...fields } as TraceEvent;
}

function dropped(id: string, reason: string): TraceEvent {
  const about = { id, link: 'S1>S2', rpc: 'AppendEntries', kind: 'request', reason };
  return { seq: 0, timeUs: 0, source: 'network', nseq: 0, life: 1, event: 'MessageDropped', ...about } as TraceEvent;
}

const CLASSROOM = { nowUs: 0, hopDelayMs: 200 };
const REAL = { nowUs: 0, hopDelayMs: 0 };
const at = (us: number): number => us + DISPLAY_DELAY_US;

describe('classroom pace', () => {
  test('message: visible delay → flies for this delay', () => {
    const flights = createFlights();
    flights.add([sent({ dueUs: 600_000 })], { nowUs: 0, hopDelayMs: 600 });
    expect(flights.list(at(0)).map((one) => one.progress)).toEqual([0]);
    expect(flights.list(at(300_000)).map((one) => one.progress)).toEqual([0.5]);
    expect(flights.list(at(600_000))).toEqual([]);
    expect(flights.list(at(100_000))).toEqual([]);
  });

  test('message: short delay → at least 220 ms, in the order of its link', () => {
    const flights = createFlights();
    flights.add([sent({ timeUs: 0, dueUs: 1000 }), sent({ timeUs: 50_000, dueUs: 51_000 })], CLASSROOM);
    const [first, second] = flights.list(at(150_000));
    expect(first?.progress).toBeCloseTo(150_000 / MIN_DWELL_US);
    expect(second?.progress).toBeCloseTo(100_000 / MIN_DWELL_US);
    expect(flights.list(at(MIN_DWELL_US))).toHaveLength(1);
  });

  test('message: kind and content → shape and label', () => {
    const flights = createFlights();
    const kinds = [
      sent({}),
      sent({ first: 4, last: 6 }),
      sent({ rpc: 'RequestVote' }),
      sent({ rpc: 'PreVote' }),
      sent({ rpc: 'RequestVote', kind: 'reply', voteGranted: true }),
      sent({ kind: 'reply', success: false }),
      sent({ rpc: 'Command', link: 'C1>S2' }),
    ];
    flights.add(kinds, CLASSROOM);
    expect(flights.list(at(1)).map(({ shape, family, label }) => [shape, family, label])).toEqual([
      ['heartbeat', 'append', ''],
      ['entries', 'append', '3'],
      ['vote', 'vote', ''],
      ['pre-vote', 'vote', ''],
      ['reply', 'vote', '+'],
      ['reply', 'append', '−'],
      ['client', 'client', ''],
    ]);
  });

  test('message: lost at a cut → stops half way and fades', () => {
    const flights = createFlights();
    const message = sent({ dueUs: 400_000 });
    flights.add([message, dropped((message as { id: string }).id, 'cut')], CLASSROOM);
    expect(flights.list(at(100_000))).toMatchObject([{ progress: 0.25, faded: 0 }]);
    expect(flights.list(at(400_000))).toMatchObject([{ progress: 0.5, faded: 0.5 }]);
    expect(flights.list(at(600_000))).toEqual([]);
  });

  test('message: reported too late to be seen → omitted', () => {
    const flights = createFlights();
    flights.add([sent({ dueUs: 200_000 })], { nowUs: 900_000, hopDelayMs: 200 });
    expect(flights.list(900_000)).toEqual([]);
  });
});

describe('real pace', () => {
  test('heartbeats and answers: real pace → only a pulse on the link', () => {
    const flights = createFlights();
    flights.add([sent({ dueUs: 300 }), sent({ link: 'S2>S1', kind: 'reply', success: true, matchIndex: 0 })], REAL);
    expect(flights.list(at(1000))).toEqual([]);
    expect([...flights.links(1000).keys()].sort()).toEqual(['S1>S2', 'S2>S1']);
    expect(flights.links(1000).get('S1>S2')?.breath).toBeGreaterThan(0.9);
    expect(flights.links(1_000_000).size).toBe(0);
  });

  test('votes, entries, rejections, new answers: real pace → fly', () => {
    const flights = createFlights();
    const reply = (matchIndex: number) => sent({ link: 'S2>S1', kind: 'reply', success: true, matchIndex });
    const news = [sent({ rpc: 'RequestVote' }), sent({ first: 1, last: 1 }), sent({ kind: 'reply', success: false })];
    flights.add([...news, reply(0), reply(0), reply(1)], REAL);
    expect(flights.list(at(1000))).toHaveLength(4);
  });

  test('flight: reported late → begins at the start of the link', () => {
    const flights = createFlights();
    flights.add([sent({ timeUs: 0, dueUs: 300, first: 1, last: 1 })], { nowUs: 500_000, hopDelayMs: 0 });
    expect(flights.list(500_000).map((one) => one.progress)).toEqual([0]);
  });
});

test('link: more than sixty messages → the rest is one pulse with a count', () => {
  const flights = createFlights();
  const many = Array.from({ length: MAX_FLIGHTS_PER_LINK + 7 }, () => sent({ first: 1, last: 1 }));
  flights.add(many, CLASSROOM);
  expect(flights.list(at(1))).toHaveLength(MAX_FLIGHTS_PER_LINK);
  expect(flights.links(1).get('S1>S2')?.summarised).toBe(7);
});

test('clients: many of them → their messages to one server share the limit of a link', () => {
  const flights = createFlights();
  const many = Array.from({ length: MAX_FLIGHTS_PER_LINK + 5 }, (_, client) =>
    sent({ rpc: 'Command', link: `C${client + 1}>S2` }),
  );
  flights.add([...many, sent({ rpc: 'Command', kind: 'reply', link: 'S2>C1' })], CLASSROOM);
  expect(flights.list(at(1))).toHaveLength(MAX_FLIGHTS_PER_LINK + 1);
  expect(flights.links(1).get('clients>S2')?.summarised).toBe(5);
});

test('clear: called → no flights', () => {
  const flights = createFlights();
  flights.add([sent({})], CLASSROOM);
  flights.clear();
  expect(flights.list(at(1))).toEqual([]);
});
