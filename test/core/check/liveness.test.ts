/** Liveness is judged only while a majority meets the conditions. A late leader or answer is then a violation. */
import { expect, test } from 'vitest';
import { lateInWords, standstillsInWords } from '../../../src/core/check/liveness/index.ts';
import type { RunSettings } from '../../../src/core/trace/index.ts';
import { type LinkPolicy, LONG_REORDERING, PLAIN_SHAPE } from '../../../src/core/wire/index.ts';
import { BOUND_MS, Run, SERVERS, SETTINGS } from './liveness-run.ts';

const delayed = (delayMs: number): LinkPolicy => ({
  mode: 'shape',
  requests: { ...PLAIN_SHAPE, delayMs },
  replies: PLAIN_SHAPE,
});

test('liveness: leader and answer in time → valid, with the time to the leader', () => {
  const run = new Run().ready(0, ...SERVERS).elected(500, 'S1', 1, 'S2');
  run.at(600, 'C1', { event: 'CommandInvoked', operation: 'C1.1' });
  run.at(600, 'C1', { event: 'CommandSent', operation: 'C1.1', attempt: 1 });
  run.at(700, 'C1', { event: 'CommandDone', operation: 'C1.1' });
  expect(run.verdict(10_000)).toMatchObject({
    ...{ outcome: 'valid', leaders: 1, slowestLeaderMs: 500, commands: 1, violation: null },
    lateTicks: { servers: { count: 0, worstMs: 0 }, network: { count: 0 }, lab: { count: 0 } },
  });
});

test('liveness: ticks begin late, after the slowest start → time counts from the ticks', () => {
  // All servers start ticking when the third is ready, which takes longer than the bound.
  const waited = (): Run =>
    new Run()
      .booted(0, 'S1', 'S2')
      .booted(9_000, 'S3')
      .went(9_000, ...SERVERS);
  const inTime = waited().elected(9_500, 'S1', 1, 'S2').verdict(10_000);
  expect(inTime).toMatchObject({ outcome: 'valid', slowestLeaderMs: 500, violation: null });
  expect(waited().verdict(9_000 + BOUND_MS).violation).toBe(null);
  expect(waited().verdict(9_001 + BOUND_MS).violation?.fromUs).toBe(9_000_000);
});

test('liveness: restarted server is ready but does not tick → not a member', () => {
  const exited = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  const again = { server: 'S1', ofLife: 2, port: 1 };
  const run = new Run().ready(0, 'S1', 'S2').lab(10, 'ServerExited', exited).lab(20, 'ServerReady', again);
  expect(run.verdict(60_000).outcome).toBe('not-judged');
});

test('liveness: server is frozen and resumed before its ticks begin → not a member', () => {
  const run = new Run().ready(0, 'S1').booted(0, 'S2');
  run.lab(10, 'ServerFrozen', { server: 'S2' }).lab(20, 'ServerResumed', { server: 'S2' });
  expect(run.verdict(60_000).outcome).toBe('not-judged');
});

test('liveness: recording without TicksBegan → time counts from the first election', () => {
  const old = (): Run => new Run().booted(0, ...SERVERS).at(9_000, 'S2', { event: 'ElectionStarted', term: 1 });
  expect(new Run().booted(0, ...SERVERS).verdict(60_000).outcome).toBe('not-judged');
  expect(old().elected(9_100, 'S2', 1, 'S3').verdict(10_000)).toMatchObject({ outcome: 'valid', slowestLeaderMs: 100 });
  expect(old().verdict(9_001 + BOUND_MS).violation).toMatchObject({ what: 'no-leader', members: SERVERS });
  // The lab starts the ticks of a restarted server as soon as it is ready.
  const exited = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  const again = old()
    .lab(9_010, 'ServerExited', exited)
    .lab(10_000, 'ServerReady', { server: 'S1', ofLife: 2, port: 1 });
  expect(again.verdict(10_001 + BOUND_MS).violation).toMatchObject({ members: SERVERS, fromUs: 10_000_000 });
});

test.each([
  ['is never elected', (run: Run) => run],
  ['is elected too late', (run: Run) => run.elected(BOUND_MS + 1, 'S1', 1, 'S2')],
  ['has no majority of followers', (run: Run) => run.elected(500, 'S1', 1)],
  ['is replaced by another without followers', (run: Run) => run.elected(500, 'S1', 1).elected(600, 'S3', 2)],
  ['is missing after a term advanced', (run: Run) => run.at(1, 'S2', { event: 'TermAdvanced', term: 1 })],
])('liveness: leader %s → violated', (_when, add) => {
  const { outcome, violation } = add(new Run().ready(0, ...SERVERS)).verdict(BOUND_MS + 10);
  expect([outcome, violation?.what, violation?.members]).toEqual(['violated', 'no-leader', SERVERS]);
});

test('liveness: leader is elected exactly at the bound → valid', () => {
  expect(
    new Run()
      .ready(0, ...SERVERS)
      .elected(BOUND_MS, 'S1', 1, 'S2')
      .verdict(BOUND_MS + 10).outcome,
  ).toBe('valid');
});

test.each([
  ['only a minority is up', (run: Run) => run.ready(0, 'S1')],
  [
    'two servers are frozen',
    (run: Run) =>
      run
        .ready(0, ...SERVERS)
        .lab(1, 'ServerFrozen', { server: 'S1' })
        .lab(1, 'ServerFrozen', { server: 'S2' }),
  ],
  ['a link loses messages', (run: Run) => run.ready(0, ...SERVERS).link(1, 'S1>S2', LONG_REORDERING)],
  ['a link is slow', (run: Run) => run.ready(0, ...SERVERS).link(1, 'S1>S2', delayed(30))],
  ['a link holds messages', (run: Run) => run.ready(0, ...SERVERS).link(1, 'S3>S1', { mode: 'hold' })],
  ['one direction is cut', (run: Run) => run.ready(0, ...SERVERS).link(1, 'S3>S1', { mode: 'cut' })],
  ['the network has exited', (run: Run) => run.ready(0, ...SERVERS).lab(1, 'NetworkExited')],
])('liveness: %s → not judged', (_what, make) => {
  expect(make(new Run()).verdict(300_000)).toMatchObject({ outcome: 'not-judged', leaders: 0, violation: null });
});

test('liveness: delay below T/10, or third server cut off or down → judged', () => {
  expect(
    new Run()
      .ready(0, ...SERVERS)
      .link(1, 'S1>S2', delayed(29))
      .verdict(10_000).outcome,
  ).toBe('violated');
  const apart = new Run().ready(0, ...SERVERS);
  for (const link of ['S1>S3', 'S3>S1', 'S2>S3', 'S3>S2']) apart.link(1, link, { mode: 'cut' });
  expect(apart.verdict(10_000).violation?.members).toEqual(['S1', 'S2']);
  // A server that is down does not disturb the majority.
  expect(new Run().ready(0, 'S1', 'S2').verdict(10_000).outcome).toBe('violated');
});

test('liveness: late tick → reported, time counts anew; late from a freeze → not reported', () => {
  const late = { event: 'TicksLate', lateMs: 200, missed: 19 };
  const run = new Run()
    .ready(0, ...SERVERS)
    .at(5_000, 'S2', late)
    .elected(10_000, 'S1', 1, 'S2');
  expect(run.verdict(11_000)).toMatchObject({ outcome: 'valid', lateTicks: { servers: { count: 1, worstMs: 200 } } });
  const frozen = new Run()
    .ready(0, ...SERVERS)
    .elected(100, 'S1', 1, 'S2')
    .lab(1_000, 'ServerFrozen', { server: 'S3' });
  // The server may report the late tick before or after the lab sees that it has resumed.
  frozen.at(4_000, 'S3', { ...late, lateMs: 3_000 }).lab(4_001, 'ServerResumed', { server: 'S3' });
  expect(frozen.at(4_002, 'S3', { ...late, lateMs: 3_000 }).verdict(5_000).lateTicks.servers.count).toBe(0);
});

const late = (lateMs: number) => ({ event: 'TicksLate', lateMs, missed: lateMs / 10 - 1 });

test.each(['network', 'lab'] as const)(
  'liveness: the %s stood still → time counts anew, late tick is reported',
  (who) => {
    const run = (): Run => new Run().ready(0, ...SERVERS).at(7_000, who, late(6_500));
    const { outcome, violation, lateTicks } = run().verdict(7_000 + BOUND_MS);
    expect([outcome, violation, lateTicks[who]]).toEqual(['not-judged', null, { count: 1, worstMs: 6_500 }]);
    expect(run().verdict(7_001 + BOUND_MS).violation?.fromUs).toBe(7_000_000);
    const command = led().at(7_000, who, late(6_000)).at(7_100, 'C1', { event: 'CommandDone', operation: 'C1.1' });
    expect(command.verdict(7_200)).toMatchObject({ outcome: 'valid', commands: 1 });
  },
);

test('liveness: standstill is reported after the finding → finding is dropped', () => {
  // The majority ends before the network can report that it stood still.
  const killed = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  const found = (): Run => new Run().ready(0, 'S1', 'S2').lab(7_000, 'ServerExited', killed);
  expect(found().verdict(8_000).outcome).toBe('violated');
  expect(found().at(8_000, 'network', late(7_900)).verdict(8_000).violation).toBe(null);
  const answered = led().at(7_000, 'C1', given);
  expect(answered.at(7_001, 'lab', late(6_000)).verdict(7_001).violation).toBe(null);
  // A late tick of a server outside the majority changes nothing.
  expect(found().at(8_000, 'S3', late(7_900)).verdict(8_000).outcome).toBe('violated');
});

test('liveness: too long without a leader before or after a standstill → violated', () => {
  const before = new Run().ready(0, ...SERVERS).at(8_000, 'network', late(1_000));
  expect(before.verdict(8_001).violation).toMatchObject({ fromUs: 0, forUs: 6_990_000 });
  const killed = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  const after = new Run().ready(0, 'S1', 'S2').lab(8_000, 'ServerExited', killed).at(8_000, 'network', late(100));
  expect(after.verdict(8_001).violation).toMatchObject({ fromUs: 0, forUs: 7_890_000 });
});

const slept = (minutes: number, sinceMs: number) => ({
  ...{ event: 'ComputerResumed', sleptMs: minutes * 60_000, sinceUs: sinceMs * 1_000 },
});

test('liveness: computer slept → sleep is not judged, its length is reported', () => {
  const run = (): Run =>
    new Run()
      .ready(0, ...SERVERS)
      .lab(1_000, 'ComputerSuspended')
      .at(841_000, 'lab', slept(14, 1_000));
  const { outcome, violation, sleeps } = run().verdict(841_000 + BOUND_MS);
  expect([outcome, violation, sleeps]).toEqual(['not-judged', null, { count: 1, totalMs: 840_000 }]);
  expect(run().verdict(841_001 + BOUND_MS).violation?.fromUs).toBe(841_000_000);
  const command = led()
    .at(841_000, 'lab', slept(14, 1_000))
    .at(841_100, 'C1', { event: 'CommandDone', operation: 'C1.1' });
  expect(command.verdict(841_200)).toMatchObject({ outcome: 'valid', commands: 1 });
});

test('liveness: computer slept → late ticks of the sleep are not counted, others are', () => {
  const run = new Run().ready(0, ...SERVERS).at(500, 'S1', late(300));
  // A server may report its late tick before or after the lab reports the sleep.
  run.at(841_000, 'S1', late(839_900)).at(841_001, 'network', late(839_900)).at(841_100, 'lab', slept(14, 1_000));
  run.at(841_150, 'S2', late(839_900)).at(842_000, 'S3', late(400));
  const verdict = run.verdict(842_100);
  const none = { count: 0, worstMs: 0 };
  expect(verdict.lateTicks).toEqual({ servers: { count: 2, worstMs: 400 }, network: none, lab: none });
  expect(standstillsInWords(verdict)).toEqual({
    en:
      'the computer slept 14 minutes, over which nothing is judged; ' +
      'this machine is too slow for the timers of this run, or a process was stopped from outside: ' +
      "a server's clock stood still for up to 400 ms",
    zh: '计算机睡眠了 14 分钟，这段时间不作判定；这台机器跟不上本次运行的定时器，或有进程被外部停住：有服务器的时钟最多停了 400 毫秒',
  });
  const twice = new Run()
    .ready(0, ...SERVERS)
    .at(1_000, 'lab', slept(1, 900))
    .at(2_000, 'lab', slept(60, 1_900));
  expect(standstillsInWords(twice.verdict(2_001))?.en).toBe(
    'the computer slept 61 minutes (2 times), over which nothing is judged',
  );
});

test('liveness: late ticks over more than half a minute → each counted once', () => {
  const run = new Run().ready(0, ...SERVERS);
  for (let second = 1; second <= 100; second += 1) run.at(second * 1_000, 'S1', late(200 + second));
  expect(run.verdict(101_000).lateTicks.servers).toEqual({ count: 100, worstMs: 300 });
});

test('liveness: network is killed → nothing is judged since its last event', () => {
  const policy = { event: 'LinkPolicyChanged', link: 'S1>S2', policy: { mode: 'pass' } };
  const run = (signal: string | null) =>
    new Run()
      .ready(0, ...SERVERS)
      .at(100, 'network', policy)
      .lab(9_000, 'NetworkExited', { signal });
  expect([run('SIGKILL').verdict(9_001).outcome, run(null).verdict(9_001).outcome]).toEqual(['not-judged', 'violated']);
});

test('liveness: pace becomes faster → time before is judged by the old bound', () => {
  const slow = { ...SETTINGS, pace: 'slow-motion' } as RunSettings;
  const run = new Run(slow).ready(0, ...SERVERS).lab(20_000, 'PaceChanged', { pace: 'real' });
  expect(run.elected(21_000, 'S1', 1, 'S2').verdict(22_000).outcome).toBe('valid');
});

test('liveness: conditions change without a leader → not judged, unless already too long', () => {
  const killed = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  expect(new Run().ready(0, 'S1', 'S2').lab(5_000, 'ServerExited', killed).verdict(60_000).outcome).toBe('not-judged');
  expect(new Run().ready(0, 'S1', 'S2').lab(7_000, 'ServerExited', killed).verdict(60_000).outcome).toBe('violated');
});

test('liveness: leader dies → valid with a new leader in time, else violated', () => {
  const killed = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  const run = (): Run =>
    new Run()
      .ready(0, ...SERVERS)
      .elected(500, 'S1', 1, 'S2', 'S3')
      .lab(1_000, 'ServerExited', killed);
  expect(run().elected(1_900, 'S2', 2, 'S3').verdict(5_000)).toMatchObject({ outcome: 'valid', slowestLeaderMs: 900 });
  expect(run().verdict(8_000)).toMatchObject({ outcome: 'violated', violation: { members: ['S2', 'S3'] } });
});

const invoked = { event: 'CommandInvoked', operation: 'C1.1' };
const sent = { event: 'CommandSent', operation: 'C1.1', attempt: 1 };
const given = { event: 'CommandUnknown', operation: 'C1.1', reason: 'timed-out' };
const led = (): Run =>
  new Run()
    .ready(0, ...SERVERS)
    .elected(500, 'S1', 1, 'S2')
    .at(600, 'C1', invoked)
    .at(600, 'C1', sent);

test('liveness: command without an answer → violated only while all clients reach a leader', () => {
  expect(led().at(7_000, 'C1', given).verdict(7_000).violation).toMatchObject({ what: 'no-answer', operation: 'C1.1' });
  // The command has no end when the run ends.
  expect(led().verdict(7_000).violation?.what).toBe('no-answer');
  // A closed client has waited until it was closed.
  const closed = { ...given, reason: 'closed' };
  expect(led().at(7_000, 'C1', closed).verdict(7_000).violation?.what).toBe('no-answer');
  expect(led().at(5_000, 'C1', closed).verdict(60_000).violation).toBe(null);
  expect(led().at(5_000, 'C1', given).verdict(60_000)).toMatchObject({ violation: null, commands: 0 });
  expect(led().link(700, 'clients>S2', { mode: 'cut' }).at(7_000, 'C1', given).verdict(7_000).violation).toBe(null);
  const again = led().at(5_000, 'S1', { event: 'SteppedDown', term: 1 }).elected(5_100, 'S2', 2, 'S3');
  expect(again.at(7_000, 'C1', given).verdict(7_000).violation).toBe(null);
  // A request that is seen after the operation ended does not start it again.
  expect(led().at(5_000, 'C1', given).at(5_001, 'C1', sent).verdict(60_000).violation).toBe(null);
});

/** Something that happens at a given moment. */
interface Happening {
  readonly ms: number;
  readonly add: (run: Run) => unknown;
}

/** Adds all happenings to the run in the order of time. */
function play(run: Run, ...parts: readonly (readonly Happening[])[]): Run {
  for (const { add } of parts.flat().sort((a, b) => a.ms - b.ms)) add(run);
  return run;
}

/** A client whose requests are never answered. It gives each operation up after 5 s and requests the next. */
function inVain(untilMs: number, { hasSession = true, pauseMs = 40 } = {}): readonly Happening[] {
  const happenings: Happening[] = [];
  const at = (ms: number, source: string, event: object): void => {
    if (ms <= untilMs) happenings.push({ ms, add: (run) => run.at(ms, source, event) });
  };
  for (let [ms, number] = [600, 1]; ms < untilMs; ms += 5_000 + pauseMs, number += 1) {
    const operation = `C1.${number}`;
    if (hasSession) at(ms, 'C1', { event: 'CommandInvoked', operation });
    for (let sentMs = ms; sentMs < ms + 5_000; sentMs += 700) {
      const message = { kind: 'request', rpc: hasSession ? 'Command' : 'OpenSession', link: 'C1>S1' };
      at(sentMs, 'network', { event: 'MessageSent', ...message });
      if (hasSession) at(sentMs, 'C1', { event: 'CommandSent', operation, attempt: 1 });
    }
    if (!hasSession) at(ms + 5_000, 'C1', { event: 'CommandInvoked', operation, session: null });
    at(ms + 5_000, 'C1', { event: 'CommandUnknown', operation, reason: 'timed-out' });
  }
  return happenings;
}

const wellAndLed = (): Run => new Run().ready(0, ...SERVERS).elected(500, 'S1', 1, 'S2');

test('liveness: client gives up and tries again, never answered → violated', () => {
  const { violation } = play(wellAndLed(), inVain(8_000)).verdict(8_000);
  expect(violation).toMatchObject({ what: 'no-answer', operation: 'C1.2', fromUs: 600_000, members: SERVERS });
});

test('liveness: client never gets a session → violated from its first message on', () => {
  const { violation } = play(wellAndLed(), inVain(8_000, { hasSession: false })).verdict(8_000);
  expect(violation).toMatchObject({ what: 'no-answer', operation: 'C1.1', fromUs: 600_000 });
});

test('liveness: clients report nothing, as in a benchmark → not judged', () => {
  const run = wellAndLed();
  for (let ms = 600; ms < 10_000; ms += 700) {
    run.at(ms, 'network', { event: 'MessageSent', kind: 'request', rpc: 'Command', link: 'C1>S1' });
  }
  expect(run.verdict(10_000).violation).toBe(null);
});

test('liveness: new session is opened, commands are never answered → violated', () => {
  const run = wellAndLed().at(600, 'C1', invoked).at(600, 'C1', sent).at(5_600, 'C1', given);
  run.at(5_610, 'network', { event: 'MessageSent', kind: 'request', rpc: 'OpenSession', link: 'C1>S1' });
  run.at(5_620, 'C1', { event: 'SessionOpened', client: 'C1', session: 7 });
  run.at(5_620, 'C1', { event: 'CommandInvoked', operation: 'C1.2' });
  run.at(5_620, 'C1', { event: 'CommandSent', operation: 'C1.2', attempt: 1 });
  expect(run.verdict(7_000).violation).toMatchObject({ what: 'no-answer', operation: 'C1.2', fromUs: 600_000 });
});

test('liveness: client gives up and tries again much later → two waits, each in time', () => {
  expect(play(wellAndLed(), inVain(11_000, { pauseMs: 2_000 })).verdict(11_000).violation).toBe(null);
});

test('liveness: wait is too long, then a server is killed → violated', () => {
  const killed = { server: 'S1', ofLife: 1, pid: 1, signal: 'SIGKILL' };
  const run = play(wellAndLed(), inVain(8_000)).lab(8_000, 'ServerExited', killed);
  expect(run.verdict(8_100).violation).toMatchObject({ what: 'no-answer' });
});

/** A new leader every second, in an undisturbed cluster. */
function electionsForEver(untilMs: number): readonly Happening[] {
  return Array.from({ length: Math.floor(untilMs / 1_000) }, (_, at) => {
    const [leader = '', ...others] = [0, 1, 2].map((next) => SERVERS[(at + next) % 3] ?? '');
    const term = at + 1;
    const add = (run: Run): void => {
      for (const other of others) run.at(term * 1_000 - 500, other, { event: 'PreVoteStarted', term: at });
      run.elected(term * 1_000, leader, term, ...others);
    };
    return { ms: term * 1_000 - 500, add };
  });
}

test('liveness: new leader every second, no answer → violated after both bounds', () => {
  const at = (ms: number) =>
    play(new Run().ready(0, ...SERVERS), electionsForEver(ms), inVain(ms)).verdict(ms).violation;
  expect(at(12_500)).toBe(null);
  expect(at(14_000)).toMatchObject({ what: 'no-lasting-leader', boundUs: 2 * BOUND_MS * 1_000, fromUs: 600_000 });
});

test('liveness: new leader every second, links break twice → not judged', () => {
  const breaks = [5_001, 10_001].map((ms) => ({
    ms,
    add: (run: Run) => run.link(ms, 'S1>S2', { mode: 'cut' }).link(ms + 10, 'S1>S2', { mode: 'pass' }),
  }));
  const run = play(new Run().ready(0, ...SERVERS), electionsForEver(14_000), inVain(14_000), breaks);
  expect(run.verdict(14_000).violation).toBe(null);
});

test('liveness: clients are cut off while one waits → time counts from reconnection', () => {
  const cutOff = (): Run => led().link(700, 'clients>S2', { mode: 'cut' });
  const answered = cutOff().link(9_000, 'clients>S2', { mode: 'pass' }).at(9_100, 'C1', {
    event: 'CommandDone',
    operation: 'C1.1',
  });
  expect(answered.verdict(9_200)).toMatchObject({ outcome: 'valid', violation: null });
});

test.each(['real', 'classroom', 'slow-motion'] as const)(
  'liveness: no leader for ten minutes at pace %s → violated',
  (pace) => {
    const run = new Run({ ...SETTINGS, pace, electionTicks: 15 }).ready(0, ...SERVERS);
    expect(run.verdict(600_000).violation).toMatchObject({ what: 'no-leader' });
  },
);

test('liveness: event of a server is lost → nothing more is judged', () => {
  const run = new Run()
    .ready(0, ...SERVERS)
    .elected(500, 'S1', 1, 'S2')
    .at(600, 'S2', { event: 'MessagesReceived' }, 5);
  expect(run.verdict(60_000)).toMatchObject({ outcome: 'unknown', leaders: 1, violation: null });
});

test('liveness: first event in the middle of a life → no gap; later gap → unknown', () => {
  const late = (next: number) =>
    new Run()
      .at(0, 'S2', { event: 'MessagesReceived' }, 40)
      .at(1, 'S2', { event: 'MessagesReceived' }, next)
      .ready(2, ...SERVERS)
      .elected(500, 'S1', 1, 'S3')
      .verdict(1_000).outcome;
  expect([late(41), late(42)]).toEqual(['valid', 'unknown']);
});

test('liveness in words: violation → servers, duration and bound in both languages', () => {
  const leaderless = new Run().ready(0, ...SERVERS).verdict(BOUND_MS + 1_500);
  const unanswered = led().verdict(7_000);
  const sentences = [leaderless, unanswered].map(({ violation }) => violation && lateInWords(violation));
  expect(sentences).toEqual([
    {
      en: 'S1, S2, S3 were well and had no leader for 7.5 s; 6.0 s are enough',
      zh: 'S1, S2, S3 一切正常，却有 7.5 秒没有领袖；6.0 秒就够了',
    },
    {
      en: 'S1, S2, S3 were well and led, and C1.1 was not answered for 6.4 s; 6.0 s are enough',
      zh: 'S1, S2, S3 一切正常且有领袖，C1.1 却有 6.4 秒没有得到回答；6.0 秒就够了',
    },
  ]);
  expect(standstillsInWords(leaderless)).toBeNull();
  const churned = play(new Run().ready(0, ...SERVERS), electionsForEver(14_000), inVain(14_000)).verdict(14_000);
  expect(churned.violation && lateInWords(churned.violation)).toEqual({
    en: 'S1, S2, S3 were well, and no leader of theirs answered C1.3 for 12.4 s; 12.0 s are enough',
    zh: 'S1, S2, S3 一切正常，却有 12.4 秒没有任何一任领袖回答 C1.3；12.0 秒就够了',
  });
  const slow = new Run().ready(0, ...SERVERS).at(1_000, 'S1', { event: 'TicksLate', lateMs: 321, missed: 32 });
  slow.at(1_000, 'network', late(5_000)).at(1_000, 'lab', late(80));
  expect(standstillsInWords(slow.verdict(1_000))).toEqual({
    en:
      'this machine is too slow for the timers of this run, or a process was stopped from outside: ' +
      "a server's clock stood still for up to 321 ms, the network process stood still for up to 5000 ms, " +
      'the lab stood still for up to 80 ms',
    zh: '这台机器跟不上本次运行的定时器，或有进程被外部停住：有服务器的时钟最多停了 321 毫秒，网络进程最多停了 5000 毫秒，实验室最多停了 80 毫秒',
  });
});
