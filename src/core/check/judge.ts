/**
 * Judges the safety properties of a run. The judge observes every event once, in the order of arrival. Facts are keyed
 * by term, index, life or chain, and times are never compared. So the verdict is the same for every order of arrival
 * that keeps each source's own order. An event costs O(1), and memory is bounded.
 */
import { type TraceEvent, tellerOf } from '../trace/index.ts';
import type { ServerId } from '../wire/index.ts';
import { APPLIED_IN_ORDER_RULE, appliedInOrder } from './applied-in-order.ts';
import { COMMIT_MONOTONIC_RULE, commitMonotonic } from './commit-monotonic.ts';
import { Digests } from './digest.ts';
import { DURABLE_BEFORE_REVEAL_RULE, durableBeforeReveal } from './durable-before-reveal.ts';
import { ELECTION_SAFETY_RULE, electionSafety } from './election-safety.ts';
import { EntryTree } from './entry-tree.ts';
import { EXACTLY_ONCE_RULE, exactlyOnce } from './exactly-once.ts';
import { Gaps } from './gaps.ts';
import { Growth } from './growth.ts';
import { byName, type Handler } from './handlers.ts';
import { LEADER_APPEND_ONLY_RULE, leaderAppendOnly } from './leader-append-only.ts';
import { LEADER_COMPLETENESS_RULE, leaderCompleteness } from './leader-completeness.ts';
import { LOG_MATCHING_RULE, logMatching } from './log-matching.ts';
import { ONE_APPEND_SENDER_RULE, oneAppendSender } from './one-append-sender.ts';
import { OWN_TERM_COMMIT_RULE, ownTermCommit } from './own-term-commit.ts';
import { atOnce, type Pieces } from './pieces.ts';
import type { Ground, Property, Witness } from './property.ts';
import { QUORUM_OF_DISKS_RULE, quorumOfDisks } from './quorum-of-disks.ts';
import { QUORUM_OF_VOTES_RULE, quorumOfVotes } from './quorum-of-votes.ts';
import { RESTORES_ITS_DISK_RULE, restoresItsDisk } from './restores-its-disk.ts';
import { STATE_MACHINE_SAFETY_RULE, stateMachineSafety } from './state-machine-safety.ts';
import { TERM_MONOTONIC_RULE, termMonotonic } from './term-monotonic.ts';
import { UntoldCommands } from './untold-commands.ts';
import { Account, type PropertyName, type Verdict, type Violation } from './verdict.ts';
import { VOTE_ONCE_RULE, voteOnce } from './vote-once.ts';

/** Judges one run. */
export interface Judge {
  /** @returns the violations that this event proves; almost always none */
  observe(event: TraceEvent): readonly Violation[];
  /** Ends the run. @returns the verdicts, with everything unsettled counted as unknown */
  finish(): readonly Verdict[];
  /** `finish` in pieces. */
  finishing(): Pieces<readonly Verdict[]>;
  /** The verdicts on the events so far. */
  verdicts(): readonly Verdict[];
  /**
   * Finds a command without an answer in the committed log.
   *
   * @returns the index; null when it is not known to be committed
   */
  committedAt(session: number, sequence: number): number | null;
  /** Estimated memory of all facts of this judge, in bytes. */
  keptBytes(): number;
}

interface Row {
  readonly rule: string;
  readonly witnesses: readonly Witness[];
  readonly make: (account: Account, ground: Ground) => Property;
}

const ROWS: Readonly<Record<PropertyName, Row>> = {
  'election-safety': {
    rule: ELECTION_SAFETY_RULE,
    witnesses: ['server'],
    make: electionSafety,
  },
  'one-append-sender': {
    rule: ONE_APPEND_SENDER_RULE,
    witnesses: ['network'],
    make: oneAppendSender,
  },
  'leader-append-only': {
    rule: LEADER_APPEND_ONLY_RULE,
    witnesses: ['server'],
    make: leaderAppendOnly,
  },
  'log-matching': {
    rule: LOG_MATCHING_RULE,
    witnesses: ['server'],
    make: logMatching,
  },
  'leader-completeness': {
    rule: LEADER_COMPLETENESS_RULE,
    witnesses: ['server'],
    make: leaderCompleteness,
  },
  'state-machine-safety': {
    rule: STATE_MACHINE_SAFETY_RULE,
    witnesses: ['server'],
    make: stateMachineSafety,
  },
  'term-monotonic': { rule: TERM_MONOTONIC_RULE, witnesses: ['server'], make: termMonotonic },
  'vote-once': {
    rule: VOTE_ONCE_RULE,
    witnesses: ['server', 'network', 'lab'],
    make: voteOnce,
  },
  'quorum-of-votes': {
    rule: QUORUM_OF_VOTES_RULE,
    witnesses: ['server', 'network', 'lab'],
    make: quorumOfVotes,
  },
  'commit-monotonic': {
    rule: COMMIT_MONOTONIC_RULE,
    witnesses: ['server'],
    make: commitMonotonic,
  },
  'applied-in-order': {
    rule: APPLIED_IN_ORDER_RULE,
    witnesses: ['server'],
    make: appliedInOrder,
  },
  'own-term-commit': {
    rule: OWN_TERM_COMMIT_RULE,
    witnesses: ['server'],
    make: ownTermCommit,
  },
  'quorum-of-disks': {
    rule: QUORUM_OF_DISKS_RULE,
    witnesses: ['server', 'network', 'lab'],
    make: quorumOfDisks,
  },
  'durable-before-reveal': {
    rule: DURABLE_BEFORE_REVEAL_RULE,
    witnesses: ['server', 'network', 'lab'],
    make: durableBeforeReveal,
  },
  'restores-its-disk': {
    rule: RESTORES_ITS_DISK_RULE,
    witnesses: ['server', 'lab'],
    make: restoresItsDisk,
  },
  'exactly-once': {
    rule: EXACTLY_ONCE_RULE,
    witnesses: ['server', 'client'],
    make: exactlyOnce,
  },
};

/** Every property, in the order of the table in docs/checkers.md. */
export const PROPERTIES = Object.keys(ROWS) as readonly PropertyName[];

/**
 * @param servers  the members of the cluster
 * @param digests  shared with the clients' history, so that each long text is hashed once for both
 */
export function createJudge(servers: readonly ServerId[], digests: Digests = new Digests()): Judge {
  const tree = new EntryTree(digests);
  const growth = new Growth(tree);
  const untold = new UntoldCommands();
  let found: Violation[] = [];
  const onViolation = (violation: Violation): void => {
    found.push(violation);
  };
  const rows = Object.entries(ROWS) as [PropertyName, Row][];
  const judged = rows.map(([name, { rule, witnesses, make }]) => ({
    witnesses,
    property: make(new Account(name, rule, onViolation), { servers, tree, digests, untold }),
  }));
  /** Properties by the events that they observe. Most events concern one or two properties. */
  const hearers = new Map<string, Handler[]>();
  for (const { property } of judged) {
    for (const [name, handle] of byName(property.handlers)) hearers.set(name, [...(hearers.get(name) ?? []), handle]);
  }
  const gaps = new Gaps(true);

  function unknownTo(witness: Witness): void {
    for (const { witnesses, property } of judged)
      if (witnesses.includes(witness)) property.account.unknown('lost-events');
  }

  function take(): readonly Violation[] {
    if (found.length === 0) return NONE;
    const taken = found;
    found = [];
    return taken;
  }

  function* finishing(): Pieces<readonly Verdict[]> {
    if (gaps.lostOnTheWire() > 0) unknownTo('network');
    for (const { property } of judged) {
      yield;
      property.finish?.();
      if (property.finishing !== undefined) yield* property.finishing();
    }
    take();
    return verdicts();
  }

  const verdicts = (): readonly Verdict[] => judged.map(({ property }) => property.account.verdict());
  return {
    observe(event) {
      if (gaps.hear(event)) {
        growth.gap(event.source);
        unknownTo(tellerOf(event) ?? 'server');
        for (const { property } of judged) property.gap?.(event.source);
      }
      growth.observe(event);
      for (const handle of hearers.get(event.event) ?? NOBODY) handle(event);
      return take();
    },
    finish: () => atOnce(finishing()),
    finishing,
    verdicts,
    committedAt: (session, sequence) => untold.indexOf(session, sequence),
    keptBytes: () =>
      judged.reduce((sum, { property }) => sum + property.keptBytes(), tree.keptBytes() + growth.keptBytes()) +
      gaps.keptBytes() +
      digests.keptBytes(),
  };
}

const NONE: readonly Violation[] = [];
const NOBODY: readonly Handler[] = [];
