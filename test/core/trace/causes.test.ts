/** The causes of events in recorded and simulated runs: each kind that has causes finds them, and chains reach their beginning. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawOptions, simulate } from '../../../src/core/simulation/index.ts';
import { causesOf } from '../../../src/core/trace/causes.ts';
import { type Past, pastOf } from '../../../src/core/trace/causes-past.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';

const RECORDED = ['continued', 'killed', 'scenario', 'violated'].map((name) =>
  readFileSync(`test/fixtures/trace-1/${name}/events.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceEvent),
);

/** Begins a chain in these cases only: the first life of a server, and a session that a client asks for. */
function mayBegin(event: TraceEvent): boolean {
  if (event.event === 'ServerSpawned') return event.ofLife === 1;
  return event.event === 'MessageSent' && event.rpc === 'OpenSession' && event.kind === 'request';
}

const SIMULATED = new Map<number, readonly TraceEvent[]>();

function simulated(seed: number): readonly TraceEvent[] {
  const known = SIMULATED.get(seed);
  if (known !== undefined) return known;
  const events: TraceEvent[] = [];
  simulate({
    seed,
    steps: 1_500,
    options: { ...drawOptions(seed), servers: 5 },
    onEvent: (event) => events.push(event),
  });
  SIMULATED.set(seed, events);
  return events;
}

/** Every event that leads to this one, directly or not. */
function allBefore(event: TraceEvent, past: Past): ReadonlySet<TraceEvent> {
  const found = new Set<TraceEvent>();
  const open = [event];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const cause of causesOf(next, past)) {
      if (found.has(cause)) continue;
      found.add(cause);
      open.push(cause);
    }
  }
  return found;
}

test('causes: recorded runs → only what begins a chain has no cause', () => {
  const without = new Set<string>();
  for (const events of RECORDED) {
    const past = pastOf(events);
    for (const event of events) {
      if (mayBegin(event)) continue;
      if (causesOf(event, past).length === 0) without.add(event.event);
    }
  }
  // Nothing in a trace leads to these.
  expect([...without].sort()).toEqual([
    ...['CommandInvoked', 'LabRestarted', 'NetworkExited', 'NetworkSpawned', 'PropertyViolated', 'RunEnded'],
    ...['RunStarted', 'ScenarioEnded', 'ScenarioStarted', 'ScenarioStepBegan', 'SignalOrdered', 'TicksLate'],
  ]);
});

test('causes: recorded and simulated runs → no cause is later than its event', () => {
  for (const events of [...RECORDED, simulated(3)]) {
    const past = pastOf(events);
    for (const event of events) {
      for (const cause of causesOf(event, past)) {
        expect(cause.timeUs, `${event.event} ${event.seq} ← ${cause.event} ${cause.seq}`).toBeLessThanOrEqual(
          event.timeUs,
        );
      }
    }
  }
});

test('causes: answered command → the chain reaches the request of its client', () => {
  let chains = 0;
  for (const events of RECORDED) {
    const past = pastOf(events);
    const asked = new Map(events.flatMap((one) => (one.event === 'CommandInvoked' ? [[one.operation, one]] : [])));
    for (const done of events) {
      if (done.event !== 'CommandDone') continue;
      chains += 1;
      expect(allBefore(done, past), `seq ${done.seq}`).toContain(asked.get(done.operation));
    }
  }
  expect(chains).toBeGreaterThan(20);
});

test('causes: elected leader → a counted vote of each voter, and its own campaign', () => {
  let elections = 0;
  for (const events of [...RECORDED, simulated(3), simulated(5)]) {
    const past = pastOf(events);
    for (const event of events) {
      if (event.event !== 'LeaderElected') continue;
      elections += 1;
      const votes = causesOf(event, past).flatMap((one) => (one.event === 'VoteCounted' ? [one.voter] : []));
      expect(votes.sort(), `seq ${event.seq}`).toEqual([...event.voters].sort());
      const stood = [...allBefore(event, past)].some(
        (one) => one.event === 'ElectionStarted' && one.source === event.source && one.term === event.term,
      );
      expect(stood, `seq ${event.seq}`).toBe(true);
    }
  }
  expect(elections).toBeGreaterThan(6);
});

test('causes: run without MessagesReceived → deliveries take their place', () => {
  const events = simulated(3);
  const past = pastOf(events);
  expect(events.some((one) => one.event === 'MessagesReceived')).toBe(false);
  const heard = events.filter((one) => one.event === 'LeaderRecognised' || one.event === 'VoteGranted');
  const deliveries = heard.map((one) => causesOf(one, past).map((cause) => cause.event));
  expect(deliveries.length).toBeGreaterThan(4);
  for (const names of deliveries) expect(names).toEqual(['MessageDelivered']);
});

test('causes: message to a dead server → its sending and the end of that server', () => {
  let dropped = 0;
  for (const events of [...RECORDED, simulated(5)]) {
    const past = pastOf(events);
    for (const event of events) {
      if (event.event !== 'MessageDropped' || event.reason !== 'receiver-gone') continue;
      const names = causesOf(event, past).map((one) => one.event);
      expect(names, `seq ${event.seq}`).toContain('MessageSent');
      if (names.includes('ServerExited')) dropped += 1;
    }
  }
  expect(dropped).toBeGreaterThan(0);
});
