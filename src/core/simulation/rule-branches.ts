/**
 * Counts the decisions of each rule in a simulated run, because a branch that never fired was never tested. A rule that
 * returns a value is counted as called, or by the kind of its value.
 */
import type { Rules } from '../raft/index.ts';

/** Number of decisions for each `rule branch`. */
export type BranchCounts = Record<string, number>;

const BOTH = ['true', 'false'] as const;

/** Branches of each rule that must fire in a long enough simulation. */
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
  // The answer `true` occurs only for `persisted`, which drivers step without calling this rule (SPEC.md, L13).
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

/** Returns the rules with each answer counted in `counts`. */
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

/** Returns the branches that never fired, as `rule branch`. */
export function silentBranches(counts: BranchCounts): readonly string[] {
  return Object.entries(BRANCHES).flatMap(([name, branches]) =>
    branches.map((branch) => `${name} ${branch}`).filter((key) => (counts[key] ?? 0) === 0),
  );
}

function branchOf(answer: unknown): string {
  if (answer === null) return 'none';
  if (typeof answer === 'boolean') return String(answer);
  // A server's name counts as a value. Any other word is the name of a branch.
  if (typeof answer === 'string' && !/^S\d$/.test(answer)) return answer;
  return 'value';
}
