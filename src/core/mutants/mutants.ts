/**
 * Wrong versions of single rules. Each repeats a bug that was shipped in some project, or omits a sentence of the
 * paper. A property must catch each of them. The core does not know mutants: a mutant is another `rules` record in the
 * configuration given to `step`.
 */

import { lastIndex, quorumIndex, RULE_IDS, type RuleId, type Rules, rules } from '../raft/index.ts';
import type { SceneName } from './scenes.ts';

/** A mutant, which replaces one rule. */
export interface Mutant {
  /** Name of the mutant in manifests, screens and commands. */
  readonly id: string;
  readonly rule: keyof Rules;
  /** Description of the mistake in one sentence. */
  readonly what: string;
  /** The project where the bug was shipped, or the sentence of the paper that is omitted. */
  readonly inspiredBy: string;
  readonly wrong: Partial<Rules>;
  /** A scene made for this mutant, when random worlds rarely reach the situation that it needs. */
  readonly scene?: SceneName;
}

/** All mutants, in the order of the rules. */
export const MUTANTS: readonly Mutant[] = [
  {
    id: 'reply-before-persist',
    rule: 'sendsBeforeWrite',
    what: 'Votes and acknowledgements leave before the write.',
    inspiredBy: 'openraft ee460f37 (2024): replies sent before I/O was flushed; seaweedfs/raft #9',
    wrong: { sendsBeforeWrite: () => true },
  },
  {
    id: 'vote-forgotten-on-disk',
    rule: 'diskWrites',
    what: 'The term is written, the vote is not: it is forgotten across a restart.',
    inspiredBy: 'seaweedfs/raft #9: never persisted, leader.elected.at.same.term in production; NodeDB #161',
    wrong: {
      diskWrites: (persist) =>
        rules.diskWrites(
          persist.hardState === null ? persist : { ...persist, hardState: { ...persist.hardState, votedFor: null } },
        ),
    },
  },
  {
    id: 'nothing-persisted',
    rule: 'diskWrites',
    what: 'Nothing is written: what a server promised is forgotten across a restart.',
    inspiredBy: 'report §4.9: without its persister a restarted server votes and appends as if new',
    wrong: { diskWrites: () => [] },
  },
  {
    id: 'vote-cleared-on-step-down',
    rule: 'voteAfterTermChange',
    what: 'Every step-down forgets the vote, within a term too.',
    inspiredBy: 'etcd #2461 (2015); CCF #8094 (2026): two leaders in one term',
    wrong: { voteAfterTermChange: () => null },
  },
  {
    id: 'votes-for-everyone',
    rule: 'mayVoteFor',
    what: 'A server votes for every candidate of its term whose log is long enough.',
    inspiredBy: 'paper Figure 2, RequestVote, "votedFor is null or candidateId", left out',
    wrong: { mayVoteFor: () => true },
  },
  {
    id: 'any-log-is-up-to-date',
    rule: 'isUpToDate',
    what: 'A vote is given whatever the candidate’s log.',
    inspiredBy: 'paper §5.4.1 left out',
    wrong: { isUpToDate: () => true },
  },
  {
    id: 'up-to-date-by-both',
    rule: 'isUpToDate',
    what: 'Term and index must both be at least as high, instead of one after the other.',
    inspiredBy: 'openraft a48a3282: blocks every election',
    wrong: { isUpToDate: (candidate, own) => candidate.term >= own.term && candidate.index >= own.index },
  },
  {
    id: 'own-vote-before-disk',
    rule: 'countsVote',
    what: 'A candidate counts its own vote before it is on its disk.',
    inspiredBy: 'hashicorp/raft #661: term and vote are two writes, a crash between them votes twice',
    wrong: { countsVote: (state, vote, voters) => vote.voter === state.id || rules.countsVote(state, vote, voters) },
  },
  {
    id: 'any-vote-counts',
    rule: 'countsVote',
    what: 'Votes of other terms and phases count.',
    inspiredBy: 'openraft 94c820c3: an equal term in the reply is not a grant; etcd stepCandidate',
    wrong: { countsVote: () => true },
  },
  {
    id: 'higher-term-ignored',
    rule: 'adoptsTerm',
    what: 'A higher term is not looked at.',
    inspiredBy: 'openraft 4015cc38; Redpanda #31547 (2026): a node one term above could never depose the leader',
    wrong: { adoptsTerm: () => false },
  },
  {
    id: 'timer-not-reset-by-heartbeats',
    rule: 'restartsElectionTimer',
    what: 'Hearing from the leader does not start the election timer anew.',
    inspiredBy: 'Redpanda #30817 (2026): refreshed only on successful append, livelock in pre-votes',
    wrong: {
      restartsElectionTimer: (cause) =>
        cause === 'append-accepted' || cause === 'append-mismatch' ? null : rules.restartsElectionTimer(cause),
    },
  },
  {
    id: 'vote-not-restored',
    rule: 'restoredState',
    what: 'A restart forgets the vote that the disk holds.',
    inspiredBy: 'paper Figure 2, "Persistent state on all servers": votedFor left out; seaweedfs/raft #9',
    wrong: { restoredState: (held) => (held === null ? null : { ...held, votedFor: null }) },
  },
  {
    id: 'last-entry-not-restored',
    rule: 'restoredState',
    what: 'A restart forgets the last entry that the disk holds, acknowledged or not.',
    inspiredBy: 'paper Figure 2, "Persistent state on all servers": the end of log[] left out',
    wrong: {
      restoredState: (held) => (held === null ? null : { ...held, entries: held.entries.slice(0, -1) }),
      // The entry that was not truncated is still on disk. The next appended entry replaces it.
      diskWrites: (persist) =>
        rules.diskWrites({ ...persist, truncateFrom: persist.truncateFrom ?? persist.entries[0]?.index ?? null }),
    },
  },
  {
    id: 'counts-what-is-not-on-disk',
    rule: 'durablePart',
    what: 'A server counts and applies entries of its own that its disk does not hold yet.',
    inspiredBy: 'etcd #14370, #14413: a single voter lost acknowledged writes',
    wrong: { durablePart: (index) => index },
  },
  {
    id: 'one-timeout-for-all',
    rule: 'drawElectionTimeout',
    what: 'Every election timeout is T.',
    inspiredBy: 'paper §9.3; openraft 5e15946d (2026): timers collapsed into one phase, split votes',
    wrong: { drawElectionTimeout: (timeoutTicks, random) => ({ timeoutTicks, random }) },
  },
  {
    id: 'old-term-commit',
    rule: 'nextCommitIndex',
    what: 'A leader commits entries of earlier terms by counting copies.',
    inspiredBy: 'LogCabin #44, by the author of Raft himself; CCF #3950, #5748; paper Figure 8',
    wrong: { nextCommitIndex: ({ matchIndexes, commitIndex }) => Math.max(commitIndex, quorumIndex(matchIndexes)) },
  },
  {
    id: 'answers-without-majority',
    rule: 'nextCommitIndex',
    what: 'A leader commits and answers a command as soon as one server holds it.',
    inspiredBy: 'paper Figure 2, "a majority of matchIndex[i] ≥ N", left out',
    wrong: { nextCommitIndex: ({ matchIndexes, commitIndex }) => Math.max(commitIndex, ...matchIndexes) },
  },
  {
    id: 'truncate-without-conflict',
    rule: 'firstConflict',
    what: 'A follower cuts its log at the first entry it is sent, conflict or not.',
    inspiredBy: 'openraft 9540c904; CCF #5991: a stale request broke commit safety',
    wrong: {
      firstConflict: (log, { entries }) => {
        const first = entries[0]?.index;
        return first !== undefined && first <= lastIndex(log) ? first : null;
      },
    },
  },
  {
    id: 'conflicts-kept',
    rule: 'firstConflict',
    what: 'Conflicting entries are not looked for.',
    inspiredBy: 'paper Figure 2, AppendEntries rule 3 left out',
    wrong: { firstConflict: () => null },
  },
  {
    id: 'follower-commits-beyond',
    rule: 'followerCommitIndex',
    what: 'Heartbeats carry the leader’s commitIndex, and a follower commits up to it whatever it was sent.',
    inspiredBy: 'the official TLA+ taken literally; paper Figure 2, AppendEntries rule 5',
    wrong: {
      followerCommitIndex: ({ commitIndex, leaderCommit }) => Math.max(commitIndex, leaderCommit),
      heartbeatCommitIndex: (_matchIndex, commitIndex) => commitIndex,
    },
    scene: 'stale-suffix',
  },
  {
    id: 'acknowledges-own-suffix',
    rule: 'acknowledgedIndex',
    what: 'A follower acknowledges its whole log, also what the leader did not compare.',
    inspiredBy: 'CCF #6001, #6016: the leader over-commits',
    wrong: { acknowledgedIndex: (from) => from.lastIndex },
  },
  {
    id: 'every-reply-believed',
    rule: 'acceptsReply',
    what: 'A stale success lowers matchIndex, a stale rejection moves nextIndex.',
    inspiredBy: 'raft.tla issue #18; CCF #3723; openraft cecb5de8 (2026)',
    wrong: { acceptsReply: () => true },
  },
  {
    id: 'log-before-term',
    rule: 'diskWrites',
    what: 'Entries reach the disk before the term they belong to.',
    inspiredBy: 'openraft io_ordering.md: a full counterexample with five nodes',
    wrong: { diskWrites: (persist) => [...rules.diskWrites(persist)].reverse() },
  },
  {
    id: 'full-window-waits-for-ever',
    rule: 'sendingPlan',
    what: 'When the window is full and every message in it was lost, nothing more is sent.',
    inspiredBy: 'etcd sends empty appends when the window is full; openraft afd6508b',
    wrong: {
      sendingPlan: (progress, now) =>
        progress.state === 'replicate' && progress.inFlight.length >= now.maxInFlight
          ? 'nothing'
          : rules.sendingPlan(progress, now),
    },
  },
  {
    id: 'leads-while-disk-hangs',
    rule: 'mayStepDuringWrite',
    what: 'Steps go on while a write is under way.',
    inspiredBy: 'hashicorp/raft #503, #614: heartbeats keep a leader alive whose disk hangs',
    wrong: { mayStepDuringWrite: () => true },
  },
  {
    id: 'repeated-command-applied',
    rule: 'sessionDecision',
    what: 'A command that was retried is applied again.',
    inspiredBy: 'paper §8, dissertation §6.3 left out',
    wrong: { sessionDecision: () => 'apply' },
  },
  {
    id: 'retry-answered-anew',
    rule: 'answerToRepeat',
    what: 'A command that was retried is not applied again, but its answer is what the store would answer now.',
    inspiredBy: 'dissertation §6.3, "along with the associated response", left out',
    wrong: { answerToRepeat: (_first, anew) => anew() },
  },
  {
    id: 'rejected-pre-vote-term',
    rule: 'preVoteReplyTerm',
    what: 'A rejected pre-vote carries the term asked for, so that nobody learns of a higher one.',
    inspiredBy: 'dissertation §9.6; etcd: a rejection carries the responder’s own term',
    wrong: { preVoteReplyTerm: (from) => from.askedTerm },
  },
  {
    id: 'pre-vote-raises-term',
    rule: 'carriesAskedTerm',
    what: 'A pre-vote raises terms like a vote.',
    inspiredBy: 'dissertation §9.6 left out',
    wrong: { carriesAskedTerm: () => false },
  },
  {
    id: 'stale-leader-unanswered',
    rule: 'answersStale',
    what: 'Requests of older terms get no answer.',
    inspiredBy: 'etcd: with CheckQuorum a server stuck at a higher term frees itself by answering',
    wrong: { answersStale: () => false },
  },
  {
    id: 'no-quorum-contact-needed',
    rule: 'hasQuorumContact',
    what: 'With CheckQuorum on, a leader without contact to a majority leads on.',
    inspiredBy: 'dissertation §6.2 left out',
    wrong: { hasQuorumContact: () => true },
  },
];

/** Returns the id of the mutant's rule in SPEC.md. */
export function ruleIdOf({ rule }: Mutant): RuleId {
  return RULE_IDS[rule];
}

/** Returns the correct rules with this mutant's replacement. */
export function rulesWith({ wrong }: Mutant): Rules {
  return { ...rules, ...wrong };
}

/** Returns the mutant with this id, or undefined for an unknown id. */
export function findMutant(id: string): Mutant | undefined {
  return MUTANTS.find((mutant) => mutant.id === id);
}
