/**
 * How often each rule decided which way in a simulated run: a branch that never fired was never tested. Rules whose answer
 * is a value count as called, or by the kind of their answer.
 */
import type { Rules } from '../raft/index.ts';

/** `rule branch` → how often. */
export type BranchCounts = Record<string, number>;

const BOTH = ['true', 'false'] as const;

/** Which branches of each rule must have fired in a long enough simulation. */
export const BRANCHES: { readonly [Name in keyof Rules]: readonly string[] } = {
  sendsBeforeWrite: BOTH,
  voteAfterTermChange: ['none', 'value'],
  mayVoteFor: BOTH,
  isUpToDate: BOTH,
  countsVote: BOTH,
  adoptsTerm: BOTH,
  restartsElectionTimer: ['none', 'heard-from-leader', 'vote-granted', 'election-started'],
  restoredState: ['none', 'value'],
  restoredRole: ['value'],
  durablePart: ['value'],
  drawElectionTimeout: ['value'],
  asksAgain: BOTH,
  nextCommitIndex: ['value'],
  firstConflict: ['none', 'value'],
  followerCommitIndex: ['value'],
  heartbeatCommitIndex: ['value'],
  acknowledgedIndex: ['value'],
  acceptsReply: BOTH,
  conflictHint: ['value'],
  nextIndexAfterConflict: ['value'],
  firstEntryOfTerm: ['none', 'value'],
  countsProgress: BOTH,
  diskWrites: ['value'],
  sendingPlan: ['entries', 'empty', 'nothing'],
  // Its other answer is for `persisted`, which drivers step by themselves (SPEC.md, L13).
  mayStepDuringWrite: ['false'],
  sessionDecision: ['apply', 'repeat', 'superseded', 'unknown-session'],
  answerToRepeat: ['value'],
  outcomeWhenLeadershipLost: ['unknown'],
  leaderAfterTermChange: ['none'],
  carriesAskedTerm: BOTH,
  preVoteReplyTerm: ['value'],
  preCandidateVotes: ['value'],
  answersStale: BOTH,
  hasQuorumContact: BOTH,
  isInLeaderLease: BOTH,
};

/** The same rules, each answer counted in `counts`. */
export function countedRules(rules: Rules, counts: BranchCounts): Rules {
  const counted = Object.entries(rules).map(([name, rule]) => {
    const decide = rule as (...args: readonly unknown[]) => unknown;
    return [
      name,
      (...args: readonly unknown[]) => {
        const answer = decide(...args);
        const key = `${name} ${branchOf(answer)}`;
        counts[key] = (counts[key] ?? 0) + 1;
        return answer;
      },
    ];
  });
  return Object.fromEntries(counted) as Rules;
}

/** Branches that never fired, as `rule branch`. */
export function silentBranches(counts: BranchCounts): readonly string[] {
  return Object.entries(BRANCHES).flatMap(([name, branches]) =>
    branches.map((branch) => `${name} ${branch}`).filter((key) => (counts[key] ?? 0) === 0),
  );
}

function branchOf(answer: unknown): string {
  if (answer === null) return 'none';
  if (typeof answer === 'boolean') return String(answer);
  // A server's name is a value, any other word names a branch.
  if (typeof answer === 'string' && !/^S\d$/.test(answer)) return answer;
  return 'value';
}
