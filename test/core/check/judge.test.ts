/**
 * Each property passes a trace that keeps it and fails one that breaks it. The traces come from simulated runs. A fault
 * is planted as the event that a faulty server would have reported. The verdict must not depend on how the events of
 * different sources are interleaved.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJudge, PROPERTIES, type PropertyName, type Verdict } from '../../../src/core/check/index.ts';
import { drawOptions, simulate } from '../../../src/core/simulation/index.ts';
import type { Named, TraceEvent } from '../../../src/core/trace/index.ts';
import { checkProperty } from '../../helpers/property.ts';

const OPTIONS = {
  ...drawOptions(4),
  servers: 3,
  clients: 2,
  flags: { preVote: false, checkQuorum: false, noop: false },
};
const SERVERS = ['S1', 'S2', 'S3'];

function recorded(seed: number, steps = 2_500): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  const faults = { ...OPTIONS.faults, crash: 1, partition: 0.5, drop: 0.05 };
  const { broken } = simulate({
    seed,
    steps,
    options: { ...OPTIONS, seed, faults },
    onEvent: (event) => events.push(event),
  });
  expect(broken).toBeNull();
  return events;
}

const RUN = recorded(4);

function judged(events: readonly TraceEvent[]): Readonly<Record<PropertyName, Verdict>> {
  const judge = createJudge(SERVERS);
  for (const event of events) judge.observe(event);
  return Object.fromEntries(judge.finish().map((verdict) => [verdict.property, verdict])) as Record<
    PropertyName,
    Verdict
  >;
}

/** Returns the trace with one event replaced: the last one of that name for which `which` holds. */
function replaced<Name extends TraceEvent['event']>(
  name: Name,
  change: (event: Named<Name>) => Partial<Named<Name>>,
  which: (event: Named<Name>, at: number) => boolean = () => true,
): readonly TraceEvent[] {
  const at = RUN.findLastIndex((event, place) => event.event === name && which(event as Named<Name>, place));
  const event = RUN[at] as Named<Name>;
  expect(at, name).toBeGreaterThan(0);
  return RUN.map((one, place) => (place === at ? ({ ...event, ...change(event) } as TraceEvent) : one));
}

/** Returns the trace with a changed copy of its last event of that name added at the end. */
function added<Name extends TraceEvent['event']>(
  name: Name,
  change: (event: Named<Name>) => Partial<Named<Name>> & { readonly source?: string },
  which: (event: Named<Name>) => boolean = () => true,
): readonly TraceEvent[] {
  const event = RUN.findLast((one) => one.event === name && which(one as Named<Name>)) as Named<Name>;
  const wrong = { ...event, ...change(event) } as TraceEvent;
  const nseq = Math.max(
    0,
    ...RUN.filter(({ source, life }) => source === wrong.source && life === wrong.life).map((one) => one.nseq),
  );
  return [...RUN, { ...wrong, seq: RUN.length + 1, nseq: nseq + 1 }];
}

/** Renumbers the events that are left of a trace, as if their sources had reported no others. */
function renumbered(events: readonly TraceEvent[]): TraceEvent[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    const key = `${event.source}.${event.life}`;
    const nseq = (counts.get(key) ?? 0) + 1;
    counts.set(key, nseq);
    return { ...event, nseq };
  });
}

const elsewhere = (id: string): string => SERVERS.find((other) => other !== id) ?? '';
const OTHER_CHAIN = 'ffffffffffffffff';

/** For each property, a trace that breaks it. */
const WRONG: { readonly [Name in PropertyName]: () => readonly TraceEvent[] } = {
  'election-safety': () => added('LeaderElected', ({ source }) => ({ source: elsewhere(source) })),
  'one-append-sender': () =>
    added(
      'MessageSent',
      ({ link }) => ({ link: link.split('>').reverse().join('>') as `${string}>${string}` }),
      ({ rpc, kind }) => rpc === 'AppendEntries' && kind === 'request',
    ),
  'leader-append-only': () =>
    replaced(
      'EntriesProposed',
      ({ first }) => ({ first: first - 1 }),
      (event) => event.first > 1,
    ),
  'log-matching': () => replaced('EntriesAppended', () => ({ chain: OTHER_CHAIN })),
  'leader-completeness': () =>
    added('LeaderElected', ({ term, source }) => ({ term: term + 5, lastIndex: 0, chain: '0000000000000000', source })),
  'state-machine-safety': () => replaced('EntriesApplied', () => ({ chain: OTHER_CHAIN })),
  'term-monotonic': () => added('StateRestored', ({ life }) => ({ life: life + 1, term: 0 })),
  'vote-once': () =>
    added('VoteGranted', ({ candidate, source }) => ({
      candidate: SERVERS.find((id) => id !== candidate && id !== source) ?? source,
    })),
  'quorum-of-votes': () => replaced('LeaderElected', ({ source }) => ({ voters: [source] })),
  'commit-monotonic': () => added('CommitAdvanced', ({ to }) => ({ from: to - 1, to: to - 1 })),
  'applied-in-order': () => added('EntriesApplied', ({ last }) => ({ first: last + 2, last: last + 2 })),
  'own-term-commit': () =>
    replaced(
      'CommitAdvanced',
      ({ term }) => ({ term: term + 1 }),
      ({ reason }) => reason === 'quorum',
    ),
  'quorum-of-disks': () => {
    // Only the leader has the entry that it counts, and all servers have reached a later term.
    const lead = RUN.findLast((event) => event.event === 'LeaderElected');
    const silent = RUN.filter(({ event, source }) => event !== 'EntriesAppended' || source === lead?.source);
    // Renumbers the events, so that none counts as lost.
    return renumbered(silent.filter(({ event }) => event !== 'DiskObserved' && event !== 'StateRestored')).concat(
      SERVERS.map((source, at) => ({
        ...{ seq: RUN.length + at + 1, timeUs: 9e9, source, nseq: 1, life: 99, event: 'TermAdvanced' },
        ...{ term: 10_000, from: 9_999, reason: 'E5-higher-term' },
      })) as readonly TraceEvent[] as TraceEvent[],
    );
  },
  'durable-before-reveal': () => replaced('DiskObserved', () => ({ term: 0, votedFor: null, lastIndex: 0 })),
  'restores-its-disk': () =>
    replaced(
      'StateRestored',
      ({ votedFor }) => ({ votedFor: votedFor === null ? 'S1' : null }),
      ({ life }) => life > 1,
    ),
  'exactly-once': () => replaced('CommandDone', () => ({ result: { ok: true, value: 'twice', previous: null } })),
};

test('judge: run that keeps every property → all valid, with examined facts', () => {
  for (const verdict of Object.values(judged(RUN))) {
    expect(verdict, verdict.property).toMatchObject({ outcome: 'valid', unknown: 0, violations: [], more: 0 });
    expect(verdict.examined, verdict.property).toBeGreaterThan(0);
  }
});

describe('trace that breaks a property', () => {
  test.each(PROPERTIES)('%s: trace that breaks it → violated, with its rule and a proof', (name) => {
    const verdict = judged(WRONG[name]())[name];
    expect(verdict).toMatchObject({ property: name, outcome: 'violated' });
    const [violation] = verdict.violations;
    expect(violation?.proof.length).toBeGreaterThan(0);
    expect(violation?.rule).toMatch(/§|Figure|rule/);
  });

  test('judge: violation in a live run → reported with the event that proves it', () => {
    const judge = createJudge(SERVERS);
    const wrong = WRONG['election-safety']();
    const told = wrong.flatMap((event, at) =>
      judge.observe(event).map(({ property, proof }) => ({ at, property, proof })),
    );
    expect(told[0]).toMatchObject({ at: wrong.length - 1, property: 'election-safety' });
    expect(told[0]?.proof.map(({ event }) => event)).toEqual(['LeaderElected', 'LeaderElected']);
  });
});

describe('restart after the files were observed', () => {
  /** S2 acknowledges index 2 and votes for S1 in term 2. Its files hold both. The next life reports its state. */
  function story(restored: { readonly votedFor: string | null; readonly lastIndex: number; readonly chain: string }) {
    const at = (seq: number, source: string, life: number) => ({ seq, timeUs: seq, source, nseq: seq, life });
    const held = { term: 2, votedFor: 'S1', lastIndex: 2, chain: 'c2' };
    const looked = { event: 'DiskObserved', server: 'S2', ofLife: 1, ok: true, tornBytes: 0, message: '' };
    const sent = { event: 'MessageSent', id: 'S2.1.1', link: 'S2>S1', rpc: 'AppendEntries', kind: 'reply' };
    return [
      { ...at(1, 'network', 1), ...sent, term: 2, success: true, matchIndex: 2, dueUs: 1, bytes: 1, copies: 1 },
      { ...at(1, 'lab', 1), ...looked, ...held },
      { ...at(2, 'lab', 1), event: 'ServerSpawned', server: 'S2', ofLife: 2, pid: 7 },
      { ...at(1, 'S2', 2), event: 'StateRestored', term: 2, ...restored, runs: [] },
    ] as unknown as readonly TraceEvent[];
  }

  const outcomes = (events: readonly TraceEvent[]) => {
    const verdicts = judged(events);
    return [verdicts['durable-before-reveal'].outcome, verdicts['restores-its-disk'].outcome];
  };

  test('restart: vote is forgotten → only restores-its-disk is violated', () => {
    expect(outcomes(story({ votedFor: null, lastIndex: 2, chain: 'c2' }))).toEqual(['valid', 'violated']);
  });

  test('restart: acknowledged entry is forgotten → both disk properties are violated', () => {
    expect(outcomes(story({ votedFor: 'S1', lastIndex: 1, chain: 'c1' }))).toEqual(['violated', 'violated']);
  });

  test('restart: nothing is forgotten, sources in any order → valid', () => {
    const [sent, looked, spawned, restored] = story({ votedFor: 'S1', lastIndex: 2, chain: 'c2' }) as TraceEvent[];
    const orders = [
      [sent, looked, spawned, restored],
      [restored, sent, looked, spawned],
      [looked, restored, spawned, sent],
    ] as readonly TraceEvent[][];
    for (const order of orders) expect(outcomes(order)).toEqual(['valid', 'valid']);
  });
});

describe('quorum-of-votes: a vote is not reported', () => {
  const at = (seq: number, source: string) => ({ seq, timeUs: seq, source, nseq: seq, life: 1 });
  const spawned = { ...at(1, 'lab'), event: 'NetworkSpawned', pid: 7 };
  const exited = { ...at(2, 'lab'), event: 'NetworkExited', pid: 7, code: 0, signal: null, cause: 'ordered' };
  const election = [
    { ...at(1, 'S1'), event: 'ElectionStarted', term: 1, lastLogIndex: 0 },
    { ...at(2, 'S1'), event: 'LeaderElected', term: 1, voters: ['S1', 'S2'], lastIndex: 0, chain: '0000000000000000' },
  ];
  const outcomeOf = (...lab: readonly object[]) =>
    judged([...election, ...lab] as unknown as readonly TraceEvent[])['quorum-of-votes'].outcome;

  test.each([
    ['the network ended in order', [spawned, exited], 'violated'],
    ['the network was killed at the end', [spawned, { ...exited, code: null, signal: 'SIGKILL' }], 'unknown'],
    ['the network crashed', [spawned, { ...exited, cause: 'not-ordered' }], 'unknown'],
    ['the recording stops while the network runs', [spawned], 'unknown'],
    [
      'the lab was killed and restarted',
      [spawned, { ...at(1, 'lab'), life: 2, event: 'LabRestarted' }, exited],
      'unknown',
    ],
  ])('quorum-of-votes: vote not reported, %s → %3$s', (_when, lab, outcome) => {
    expect(outcomeOf(...lab)).toBe(outcome);
  });
});

describe('quorum-of-votes: the voter reports its vote', () => {
  const numbered = (source: string, nseq: number) => ({ seq: nseq, timeUs: nseq, source, nseq, life: 1 });
  const spawned = { ...numbered('lab', 1), event: 'NetworkSpawned', pid: 7 };
  const exited = { ...numbered('lab', 2), event: 'NetworkExited', pid: 7, code: 0, signal: null, cause: 'ordered' };
  const election = [
    { ...numbered('S1', 1), event: 'ElectionStarted', term: 1, lastLogIndex: 0 },
    {
      ...numbered('S1', 2),
      event: 'LeaderElected',
      term: 1,
      voters: ['S1', 'S2'],
      lastIndex: 0,
      chain: '0000000000000000',
    },
    { ...numbered('S2', 1), event: 'VoteGranted', term: 1, candidate: 'S1', preVote: false },
  ];
  const reply = { event: 'MessageSent', rpc: 'RequestVote', kind: 'reply', link: 'S2>S1', id: 'S2.1.1', term: 1 };
  const sent = (fields: object) => ({ ...numbered('network', 1), ...reply, voteGranted: true, ...fields });

  test.each<{ readonly when: string; readonly others: readonly object[]; readonly outcome: string }>([
    { when: 'its message crossed the network', others: [spawned, sent({}), exited], outcome: 'valid' },
    { when: 'no message crossed the network', others: [spawned, exited], outcome: 'violated' },
    {
      when: 'its message refused the vote',
      others: [spawned, sent({ voteGranted: false }), exited],
      outcome: 'violated',
    },
    {
      when: 'its message went to another server',
      others: [spawned, sent({ link: 'S2>S3' }), exited],
      outcome: 'violated',
    },
    {
      when: 'the network was killed',
      others: [spawned, { ...exited, code: null, signal: 'SIGKILL' }],
      outcome: 'valid',
    },
    { when: 'the recording stops while the network runs', others: [spawned], outcome: 'valid' },
    {
      when: 'replies do not contain the grant',
      others: [spawned, sent({ voteGranted: undefined }), exited],
      outcome: 'valid',
    },
    { when: 'the trace has no network', others: [], outcome: 'valid' },
  ])('quorum-of-votes: vote reported, $when → $outcome', ({ others, outcome }) => {
    const heard = [...election, ...others] as unknown as readonly TraceEvent[];
    expect(judged(heard)['quorum-of-votes'].outcome).toBe(outcome);
    expect(judged([...others, ...election] as unknown as readonly TraceEvent[])['quorum-of-votes'].outcome).toBe(
      outcome,
    );
  });
});

test('commit-monotonic: committed entry is truncated → violated, with the commit as proof', () => {
  const commit = RUN.findLast((event) => event.event === 'CommitAdvanced') as Named<'CommitAdvanced'>;
  const nseq = RUN.filter(({ source, life }) => source === commit.source && life === commit.life).length + 1;
  const cut = { ...commit, event: 'EntriesTruncated', seq: RUN.length + 1, nseq, from: commit.to, last: commit.to };
  const verdict = judged([...RUN, cut as unknown as TraceEvent])['commit-monotonic'];
  expect(verdict.violations).toMatchObject([{ params: { from: commit.to, to: commit.to - 1 } }]);
  expect(verdict.violations[0]?.proof.map(({ event }) => event)).toEqual(['CommitAdvanced', 'EntriesTruncated']);
});

test('restores-its-disk: files were unreadable before a restart → unknown', () => {
  const at = RUN.findIndex((event) => event.event === 'DiskObserved');
  const unreadable = RUN.map((event, place) => (place === at ? { ...event, ok: false } : event)) as TraceEvent[];
  expect(judged(unreadable)['restores-its-disk']).toMatchObject({ outcome: 'unknown', unknown: 1 });
});

test('judge: nothing examined → not-judged in every property', () => {
  expect(Object.values(judged([])).map(({ outcome }) => outcome)).toEqual(PROPERTIES.map(() => 'not-judged'));
});

test('judge: one event is lost → properties that need it are unknown, none is violated', () => {
  const lost = RUN.findIndex(({ event, life }, at) => event === 'CommitAdvanced' && life === 1 && at > RUN.length / 3);
  const verdicts = judged(RUN.filter((_, at) => at !== lost));
  expect(Object.values(verdicts).filter(({ outcome }) => outcome === 'violated')).toEqual([]);
  expect(verdicts['commit-monotonic'].outcome).toBe('unknown');
  expect(verdicts['one-append-sender'].outcome).toBe('valid');
  const unseen = RUN.findIndex(({ event }) => event === 'MessageSent');
  expect(judged(RUN.filter((_, at) => at !== unseen))['one-append-sender'].outcome).toBe('unknown');
});

test('judge: any order that keeps each source’s own order → same verdict', () => {
  const seeds = fc.record({ run: fc.integer({ min: 0, max: 3 }), order: fc.integer({ min: 1 }) });
  const runs = [0, 1, 2, 3].map((seed) => recorded(seed, 900));
  const told = (events: readonly TraceEvent[]) =>
    Object.values(judged(events)).map(({ property, outcome, examined, unknown }) => ({
      property,
      outcome,
      examined,
      unknown,
    }));
  const expected = runs.map(told);
  const same = fc.property(seeds, ({ run, order }) => {
    expect(told(shuffled(runs[run] ?? [], order))).toEqual(expected[run]);
  });
  checkProperty('test/core/check/judge.test.ts', same, 40);
}, 60_000);

/** Interleaves the events of the sources in another way. */
function shuffled(events: readonly TraceEvent[], order: number): readonly TraceEvent[] {
  const queues = new Map<string, TraceEvent[]>();
  for (const event of events) queues.set(event.source, [...(queues.get(event.source) ?? []), event]);
  let word = order;
  const mixed: TraceEvent[] = [];
  let waiting = [...queues.values()];
  while (waiting.length > 0) {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    const queue = waiting[Math.floor((word / 2 ** 32) * waiting.length)] ?? [];
    // Takes several events of one source together, as they come from a socket.
    const length = 1 + (word % 40);
    mixed.push(...queue.splice(0, length));
    waiting = waiting.filter((one) => one.length > 0);
  }
  return mixed;
}
