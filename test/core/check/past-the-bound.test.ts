/** Facts beyond the bounds of the judges: what can no longer be compared is unknown, and everything else is judged. */
import { expect, test } from 'vitest';
import { answerText } from '../../../src/core/check/answer.ts';
import { MOST_FACTS } from '../../../src/core/check/bounded-map.ts';
import { Digests } from '../../../src/core/check/digest.ts';
import { Gaps } from '../../../src/core/check/gaps.ts';
import { createJudge, type PropertyName, type Verdict } from '../../../src/core/check/index.ts';
import type { LoggedCommand } from '../../../src/core/check/logged-entry.ts';
import { StoreModel } from '../../../src/core/check/store-model.ts';
import type { TraceEvent } from '../../../src/core/trace/index.ts';

/** Judges events of any source, numbered in the order of the calls. */
class Run {
  readonly judge = createJudge(['S1', 'S2', 'S3']);
  readonly #counts = new Map<string, number>();
  #seq = 0;

  tell(source: string, event: object, life = 1): void {
    const key = `${source}.${life}`;
    const nseq = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nseq);
    this.#seq += 1;
    this.judge.observe({ seq: this.#seq, timeUs: this.#seq, source, nseq, life, ...event } as TraceEvent);
  }

  verdict(name: PropertyName): Verdict {
    return this.judge.finish().find(({ property }) => property === name) as Verdict;
  }
}

const chain = (index: number): string => `${index}`.padStart(16, 'c');
const appended = (index: number) => ({
  ...{ event: 'EntriesAppended', term: 1, first: index, last: index, chain: chain(index) },
  runs: [{ term: 1, first: index, last: index }],
});
const applied = (index: number) => ({ event: 'EntriesApplied', first: index, last: index, chain: chain(index) });

/** S1 is far ahead, and S2 reports an index whose facts were forgotten. */
function lagging(): Run {
  const run = new Run();
  for (let index = 1; index <= MOST_FACTS + 100; index += 1) {
    run.tell('S1', appended(index));
    run.tell('S1', applied(index));
  }
  run.tell('S2', appended(7));
  run.tell('S2', applied(7));
  return run;
}

test.each<PropertyName>(['log-matching', 'state-machine-safety'])(
  '%s: report about a forgotten index → unknown, with the reason',
  (name) => {
    expect(lagging().verdict(name)).toMatchObject({ outcome: 'unknown', unknown: 1, reasons: { forgotten: 1 } });
  },
);

test.each<PropertyName>(['log-matching', 'state-machine-safety'])(
  '%s: report about a forgotten index, log agrees at a higher index → valid',
  (name) => {
    const run = lagging();
    run.tell('S2', appended(MOST_FACTS));
    run.tell('S2', applied(MOST_FACTS));
    expect(run.verdict(name)).toMatchObject({ outcome: 'valid', unknown: 0, examined: MOST_FACTS + 102 });
  },
);

test.each<[PropertyName, (term: number) => object]>([
  [
    'vote-once',
    (term) => ({ event: 'VoteGranted', term, candidate: 'S2', preVote: false, reason: 'E3-log-up-to-date' }),
  ],
  [
    'election-safety',
    (term) => ({ event: 'LeaderElected', term, voters: [], lastIndex: 0, chain: '0000000000000000' }),
  ],
])('%s: forgotten term → unknown; term 0 with nothing forgotten → examined', (name, fact) => {
  const run = new Run();
  for (let term = 1; term <= MOST_FACTS + 10; term += 1) run.tell('S1', fact(term));
  run.tell('S1', fact(5));
  expect(run.verdict(name)).toMatchObject({ outcome: 'unknown', unknown: 1, examined: MOST_FACTS + 10 });
  const first = new Run();
  first.tell('S1', fact(0));
  expect(first.verdict(name)).toMatchObject({ outcome: 'valid', unknown: 0, examined: 1 });
});

test('durable-before-reveal: more lives than are kept → facts of every life are counted', () => {
  const run = new Run();
  const lives = 25_000;
  const held = { term: 1, votedFor: null, lastIndex: 1, chain: chain(1) };
  for (let life = 1; life <= lives; life += 1) {
    const sent = { event: 'MessageSent', id: `S1.${life}.1`, link: 'S1>S2', rpc: 'AppendEntries', kind: 'reply' };
    run.tell('network', { ...sent, term: 1, success: true, matchIndex: 1, dueUs: 0, bytes: 1 });
    run.tell('lab', {
      event: 'DiskObserved',
      server: 'S1',
      ofLife: life,
      ok: true,
      ...held,
      tornBytes: 0,
      message: '',
    });
  }
  expect(run.verdict('durable-before-reveal')).toMatchObject({ outcome: 'valid', examined: lives });
});

test('gaps: source with 1,000 lives → memory as for one, all lost events counted', () => {
  const gaps = new Gaps(true);
  const hear = (life: number, nseq: number): boolean =>
    gaps.hear({ seq: 1, timeUs: 1, source: 'network', life, nseq, event: 'LinkReset', link: 'S1>S2', connections: 1 });
  for (let life = 1; life <= 1_000; life += 1) {
    hear(life, 1);
    hear(life, 3);
  }
  const few = new Gaps(true);
  few.hear({
    seq: 1,
    timeUs: 1,
    source: 'network',
    life: 1,
    nseq: 1,
    event: 'LinkReset',
    link: 'S1>S2',
    connections: 1,
  });
  expect(gaps.keptBytes()).toBe(few.keptBytes());
  expect(gaps.lostOnTheWire()).toBe(1_000);
});

test('store model: forgotten key → no answer until it is set again', () => {
  const model = new StoreModel(2);
  const digests = new Digests();
  model.apply({ type: 'session', index: 1 });
  let sequence = 0;
  const result = (command: LoggedCommand): string | null | undefined => {
    sequence += 1;
    const made = model.apply({ type: 'command', session: 1, sequence, command });
    return made?.result == null ? made?.result : answerText(made.result);
  };
  const set = (key: string) => result({ op: 'set', key, value: digests.of('1') });
  expect([set('a'), set('b')]).toEqual(['"1" before null', '"1" before null']);
  set('c');
  expect(result({ op: 'get', key: 'a' })).toBeNull();
  set('a');
  expect(result({ op: 'get', key: 'a' })).toBe('"1" before "1"');
});
