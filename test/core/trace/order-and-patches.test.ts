/** Properties over shuffled traces: facts are independent of how sources interleave, and patches rebuild the view. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { appendRuns, lastIndexOf, termAt, truncateRuns } from '../../../src/core/trace/log-runs.ts';
import { compareEvents } from '../../../src/core/trace/order.ts';
import { applyPatch, diffView } from '../../../src/core/trace/patches.ts';
import type { ClusterView } from '../../../src/core/trace/view.ts';
import { chain, createStory, cutOff, elect, foldAll, heal, kill, replicate, restart, startCluster } from './story.ts';

const repeat = 'npx vitest run --config test/vitest.config.ts --project unit test/core/trace/order-and-patches.test.ts';

/** fast-check prints seed and path of a failure; this prints the command that takes them. */
function check<Value>(property: fc.IProperty<Value>): void {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  const { failed, counterexamplePath, errorInstance } = fc.check(property, { seed, numRuns: 60 });
  if (!failed) return;
  throw new Error(`seed ${seed}, path ${counterexamplePath}; repeat: FC_SEED=${seed} ${repeat}`, {
    cause: errorInstance,
  });
}

/** A story with elections, commits, a truncation, a kill with a restart, a cut and a heal. */
function longStory(): readonly TraceEvent[] {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  for (const index of [1, 2]) replicate(story, { leader: 'S3', term: 1, index, followers: ['S1', 'S2', 'S5'] });
  kill(story, 'S5', 1);
  cutOff(story, 'F1', ['S3', 'S4']);
  replicate(story, { leader: 'S3', term: 1, index: 3, followers: ['S4'], commit: false });
  elect(story, { leader: 'S1', term: 2, voters: ['S1', 'S2', 'S5'], followers: ['S2'], lastIndex: 2 });
  restart(story, { server: 'S5', ofLife: 2, term: 2, lastIndex: 2, logTerm: 1 });
  replicate(story, { leader: 'S1', term: 2, index: 3, followers: ['S2', 'S5'] });
  heal(story, 'F1', ['S3', 'S4']);
  story.tell('S3', { event: 'TermAdvanced', term: 2, from: 1, reason: 'E5-higher-term' });
  story.tell('S3', { event: 'SteppedDown', term: 2, role: 'leader', reason: 'E5-higher-term' });
  const why = { reason: 'L2-conflict', conflictTerm: 1, leaderTerm: 2 } as const;
  story.tell('S3', { event: 'EntriesTruncated', term: 2, from: 3, last: 3, ...why });
  const runs = [{ term: 2, first: 3, last: 3 }];
  story.tell('S3', { event: 'EntriesAppended', term: 2, first: 3, last: 3, chain: chain(3), runs });
  kill(story, 'S2', 1);
  return story.events;
}

/** Draws one interleaving that keeps every source's own order. */
function interleaved(events: readonly TraceEvent[], draws: readonly number[]): readonly TraceEvent[] {
  const queues = new Map<string, TraceEvent[]>();
  for (const event of events) queues.set(event.source, [...(queues.get(event.source) ?? []), event]);
  const order: TraceEvent[] = [];
  for (let i = 0; order.length < events.length; i += 1) {
    const waiting = [...queues.values()].filter((queue) => queue.length > 0);
    const next = waiting[(draws[i % draws.length] ?? 0) % waiting.length]?.shift();
    if (next !== undefined) order.push(next);
  }
  return order;
}

function factsOf(view: ClusterView) {
  const servers = Object.values(view.servers).map((server) => {
    const { id, status, life, role, term, votedFor, leaderId, log, lastIndex, durableIndex } = server;
    const { chain: at, commitIndex, lastApplied } = server;
    return {
      id,
      status,
      life,
      role,
      term,
      votedFor,
      leaderId,
      log,
      lastIndex,
      durableIndex,
      at,
      commitIndex,
      lastApplied,
    };
  });
  const { commitIndex, counts, faults, links } = view;
  const sorted = servers.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { sorted, commitIndex, elections: counts.elections, kills: counts.kills, faults, links };
}

describe('interleavings', () => {
  test('fold: sources interleaved in any way → the same facts about each source', () => {
    const events = longStory();
    // The run's settings come first in every trace, because they name the servers.
    const [first, ...rest] = events;
    if (first === undefined) throw new Error('an empty story');
    const facts = factsOf(foldAll(events));
    const draws = fc.array(fc.nat({ max: 1_000 }), { minLength: 40, maxLength: 200 });
    check(
      fc.property(draws, (drawn) => {
        expect(factsOf(foldAll([first, ...interleaved(rest, drawn)]))).toEqual(facts);
      }),
    );
  });

  test('compareEvents: events of one source at one time → sorted by their count', () => {
    const at = (timeUs: number, source: string, nseq: number, seq: number) => ({ timeUs, source, nseq, seq });
    const keys = [at(2, 'S1', 1, 1), at(1, 'S2', 2, 2), at(1, 'S2', 1, 3), at(1, 'S1', 9, 4), at(1, 'S1', 9, 3)];
    expect(keys.sort(compareEvents).map((key) => [key.timeUs, key.source, key.nseq, key.seq])).toEqual([
      ...[
        [1, 'S1', 9, 3],
        [1, 'S1', 9, 4],
        [1, 'S2', 1, 3],
        [1, 'S2', 2, 2],
      ],
      [2, 'S1', 1, 1],
    ]);
  });
});

describe('patches', () => {
  test('patch: applied to the old view, also after JSON → equals the new view', () => {
    const events = longStory();
    const moment = fc.nat({ max: events.length });
    check(
      fc.property(moment, moment, (a, b) => {
        const before = foldAll(events.slice(0, Math.min(a, b)));
        const after = foldAll(events.slice(Math.min(a, b), Math.max(a, b)), before);
        const patch = diffView(before, after);
        if (patch === null) {
          expect(after).toEqual(before);
          return;
        }
        expect(applyPatch(before, patch)).toEqual({ ...after, remembered: before.remembered });
        expect(applyPatch(before, JSON.parse(JSON.stringify(patch)))).toEqual(applyPatch(before, patch));
        const back = diffView(after, before);
        expect(applyPatch(after, back ?? patch)).toEqual({ ...before, remembered: after.remembered });
      }),
    );
  });

  test('diffView: equal views → null; unchanged parts → not in the patch, not copied', () => {
    const events = longStory();
    const before = foldAll(events.slice(0, 40));
    expect(diffView(before, before)).toBeNull();
    expect(diffView(before, { ...before })).toBeNull();
    const story = createStory();
    const message = { id: 'a', link: 'S1>S2', kind: 'request', rpc: 'AppendEntries' } as const;
    const sent = story.tell('network', { event: 'MessageSent', ...message, term: 1, dueUs: 1, bytes: 1 });
    const after = foldAll([{ ...sent, timeUs: before.timeUs + 1 }], before);
    const patch = diffView(before, after) ?? expect.fail('no patch');
    expect(Object.keys(patch.top).sort()).toEqual(['counts', 'seq', 'timeUs']);
    expect([patch.servers, Object.keys(patch.links), patch.entries]).toEqual([{}, ['S1>S2'], {}]);
    const patched = applyPatch(before, patch);
    expect(patched.servers).toBe(before.servers);
    expect(patched.story).toBe(before.story);
    expect(patched.links['S2>S1']).toBe(before.links['S2>S1']);
  });
});

describe('log stretches', () => {
  test('log stretches: append and truncate → same result as on a list of terms', () => {
    const act = fc.record({ cut: fc.boolean(), at: fc.nat({ max: 12 }), length: fc.integer({ min: 1, max: 5 }) });
    check(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        let runs: ReturnType<typeof truncateRuns> = [];
        let terms: number[] = [];
        for (const [term, { cut, at, length }] of acts.entries()) {
          const from = Math.min(at, terms.length) + 1;
          terms = terms.slice(0, from - 1);
          runs = truncateRuns(runs, from);
          if (!cut) {
            // Terms never fall along a log in Raft.
            terms.push(...Array<number>(length).fill(term));
            runs = appendRuns(runs, [{ term, first: from, last: from + length - 1 }]);
          }
          expect(lastIndexOf(runs)).toBe(terms.length);
          expect(terms.map((_, i) => termAt(runs, i + 1))).toEqual(terms);
          expect(runs.every((run, i) => run.term !== runs[i - 1]?.term)).toBe(true);
        }
        expect(termAt(runs, 0)).toBeNull();
        expect(termAt(runs, terms.length + 1)).toBeNull();
      }),
    );
  });
});
