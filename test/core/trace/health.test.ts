/** The health of servers and network: silence although messages arrive, late ticks, a dead network process. */
import { describe, expect, test } from 'vitest';
import type { HealthState } from '../../../src/core/trace/view.ts';
import { chain, createStory, elect, type Story, startCluster } from './story.ts';

function ledByS3(): Story {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  return story;
}

let messages = 0;

/** Delivers a heartbeat to `to`, which reports a timer reset unless it is silent. */
function heartbeat(story: Story, to: string, isSilent = false): void {
  messages += 1;
  const message = { id: `S3.1.${messages}`, link: `S3>${to}`, kind: 'request', rpc: 'AppendEntries' } as const;
  story.tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 5, bytes: 90 }, 0);
  story.tell('network', { event: 'MessageDelivered', ...message }, 0);
  if (!isSilent)
    story.tell(to, { event: 'ElectionTimerReset', term: 1, timeoutTicks: 20, reason: 'heard-from-leader' }, 0);
}

/** Sends heartbeats for `ms` milliseconds; all servers answer, except those in `silent`. */
function live(story: Story, ms: number, silent: readonly string[] = []): void {
  for (let spent = 0; spent < ms; spent += 50) {
    story.tell('network', { event: 'LinkReset', link: 'S1>S2', reason: 'ordered', connections: 0 } as never, 50);
    for (const to of ['S1', 'S2', 'S4', 'S5']) heartbeat(story, to, silent.includes(to));
    messages += 1;
    const reply = { id: `S1.1.${messages}`, link: 'S1>S3', kind: 'reply', rpc: 'AppendEntries' } as const;
    story.tell('network', { event: 'MessageDelivered', ...reply }, 0);
    if (!silent.includes('S3')) story.tell('S3', { event: 'MessagesReceived', messages: [] } as never, 0);
  }
}

function states(story: Story): Readonly<Record<string, HealthState>> {
  const { servers } = story.view();
  return Object.fromEntries(
    Object.values(servers).flatMap(({ id, health }) => (health.state === 'ok' ? [] : [[id, health.state]])),
  );
}

describe('a server', () => {
  test('health: every server answers → all ok', () => {
    const story = ledByS3();
    live(story, 5_000);
    expect(states(story)).toEqual({});
  });

  test('messages delivered, no event → stalled since its last event; next event → ok', () => {
    const story = ledByS3();
    live(story, 2_000);
    const { timeUs } = story.view();
    live(story, 900, ['S4']);
    expect(states(story)).toEqual({});
    live(story, 600, ['S4']);
    expect(states(story)).toEqual({ S4: 'stalled' });
    const sinceUs = story.view().servers.S4?.health.sinceUs ?? 0;
    expect(Math.abs(sinceUs - timeUs)).toBeLessThanOrEqual(100_000);
    live(story, 50);
    expect(states(story)).toEqual({});
  });

  test('health: silence within twice the longest election timeout that was chosen → ok', () => {
    const story = ledByS3();
    story.tell('lab', { event: 'TimingChanged', electionTicks: 15, electionMaxTicks: 200, heartbeatTicks: 5 });
    live(story, 500);
    live(story, 3_000, ['S4']);
    expect(states(story)).toEqual({});
    live(story, 2_000, ['S4']);
    expect(states(story)).toEqual({ S4: 'stalled' });
  });

  test('health: silent server that no message reaches → ok', () => {
    const story = ledByS3();
    live(story, 500);
    for (let step = 0; step < 100; step += 1) heartbeat(story, 'S1');
    for (let step = 0; step < 100; step += 1) {
      story.tell('S2', { event: 'ElectionTimerReset', term: 1, timeoutTicks: 20, reason: 'started' }, 100);
    }
    expect(states(story)).toEqual({});
  });

  test('health: silent leader with an unfinished write → disk-silent', () => {
    const story = ledByS3();
    live(story, 500);
    const range = { term: 1, first: 1, last: 1, chain: chain(1) };
    story.tell('S3', { event: 'EntriesProposed', ...range, entries: [{ type: 'noop', index: 1, term: 1 }] });
    live(story, 2_000, ['S3']);
    expect(states(story)).toEqual({ S3: 'disk-silent' });
  });

  test('follower’s write does not end → disk-silent since its beginning, until its next event', () => {
    const story = ledByS3();
    live(story, 500);
    live(story, 1_200, ['S2']);
    expect(states(story)).toEqual({ S2: 'stalled' });
    const { timeUs } = story.tell('lab', { event: 'DiskSilent', server: 'S2', ofLife: 1, forMs: 1_200 });
    expect(story.view().servers.S2?.health).toEqual({ state: 'disk-silent', sinceUs: timeUs - 1_200_000 });
    live(story, 2_000, ['S2']);
    expect(states(story)).toEqual({ S2: 'disk-silent' });
    live(story, 50);
    expect(states(story)).toEqual({});
  });

  test('health: late ticks → late, for twice the longest election timeout', () => {
    const story = ledByS3();
    story.tell('S2', { event: 'TicksLate', lateMs: 400, missed: 39 });
    expect(states(story)).toEqual({ S2: 'late' });
    live(story, 500);
    expect(states(story)).toEqual({ S2: 'late' });
    live(story, 1_000);
    expect(states(story)).toEqual({});
  });

  test('health: frozen or killed server → ok', () => {
    const story = ledByS3();
    story.tell('lab', { event: 'ServerFrozen', server: 'S4', ofLife: 1, pid: 103 });
    live(story, 3_000, ['S4']);
    expect(states(story)).toEqual({});
    story.tell('lab', { event: 'ServerResumed', server: 'S4', ofLife: 1, pid: 103 });
    live(story, 500, ['S4']);
    expect(states(story)).toEqual({});
  });
});

test('network process: stopped with the run → ok, as its end was ordered', () => {
  const story = ledByS3();
  story.tell('lab', { event: 'NetworkExited', pid: 9, code: 0, signal: null, cause: 'ordered' });
  expect(story.view().network.health).toEqual({ state: 'ok', sinceUs: 0 });
});

test('network process dies → stalled until replaced; its ticks come late → late', () => {
  const story = ledByS3();
  const gone = story.tell('lab', {
    event: 'NetworkExited',
    pid: 9,
    code: null,
    signal: 'SIGKILL',
    cause: 'not-ordered',
  });
  expect(story.view().network.health).toEqual({ state: 'stalled', sinceUs: gone.timeUs });
  story.tell('lab', { event: 'NetworkSpawned', pid: 10 });
  expect(story.view().network.health.state).toBe('ok');
  story.tell('network', { event: 'TicksLate', lateMs: 400, missed: 39 });
  expect(story.view().network.health.state).toBe('late');
  live(story, 1_500);
  expect(story.view().network.health.state).toBe('ok');
});
