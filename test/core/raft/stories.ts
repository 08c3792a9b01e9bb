/**
 * The paper's stories as scripts that run with any record of rules. Each returns null when the rules behave correctly,
 * otherwise a sentence about the fault. figures.test.ts and mutants.test.ts run them.
 */
import { persistedInput, type Rules, stepAll } from '../../../src/core/raft/index.ts';
import { accepted, appendEntries, configOf, followerOf, leaderOfTerm, receive, rejected, run } from './helpers.ts';
import { Wires } from './wires.ts';

/** Figure 8 (a)–(d): an entry of term 2 reaches a majority in term 4, then term 5 overwrites it. */
export function figure8(rules: Rules): string | null {
  const wires = new Wires(
    // State (b): S1 led term 2 and replicated to S2; S5 led term 3 and replicated to no server.
    [
      { term: 3, log: [1, 2] },
      { term: 3, log: [1, 2] },
      { term: 3, log: [1] },
      { term: 3, log: [1] },
      { term: 3, log: [1, 3] },
    ],
    { rules },
  );
  // Step (c): S1 leads term 4 with S2 and S3 and sends entry 2 to S3, so a majority stores it.
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3']);
  wires.heartbeat('S1');
  wires.settle(['S1', 'S2', 'S3']);
  if (wires.state('S1').role.name !== 'leader' || wires.terms('S3').length !== 2) {
    return 'the story did not happen: S1 does not lead, or S3 did not get entry 2';
  }
  const committed = wires.state('S1').commitIndex;
  // Step (d): S1 is down; S5 wins term 5 with S3 and S4 and overwrites entry 2 on all of them.
  wires.timeOut('S5');
  wires.settle(['S3', 'S4', 'S5']);
  wires.timeOut('S5');
  wires.settle(['S3', 'S4', 'S5']);
  wires.propose('S5', 1);
  wires.settle(['S3', 'S4', 'S5']);
  const leads = wires.state('S5').role.name === 'leader';
  return committed >= 2 && leads ? `S1 committed entry ${committed} of term 2, and S5 leads without it` : null;
}

/** A late acknowledgement arrives from an earlier leadership, for entries that the follower has lost since. */
export function lateProgress(rules: Rules): string | null {
  const config = configOf(3, { rules });
  const leader = leaderOfTerm(config, { term: 4, log: [1, 4, 4] });
  const { state } = run(config, leader, receive(accepted('S2', 3, 3)));
  return state.commitIndex > 0 ? `committed ${state.commitIndex} by an acknowledgement of term 3` : null;
}

/** A follower learns of a commit in the same message that carries the entries. */
export function applyBeforeWrite(rules: Rules): string | null {
  const config = configOf(3, { rules });
  const input = receive(appendEntries({ term: 1, terms: [1, 1], leaderCommit: 2 }));
  const { ready } = run(config, followerOf(config, { term: 1 }), input);
  return ready.apply.length > 0 ? `handed out ${ready.apply.length} entries that are not on its disk` : null;
}

/** Fifty entries of one wrong term are repaired with few probes. */
export function fastRepair(rules: Rules): string | null {
  const right = Array.from({ length: 50 }, () => 3);
  const wrong = Array.from({ length: 50 }, () => 2);
  const wires = new Wires(
    [
      { term: 3, log: [1, ...right] },
      { term: 3, log: [1, ...wrong] },
      { term: 3, log: [1, ...right] },
    ],
    { rules },
  );
  wires.timeOut('S1');
  const delivered = wires.settle(['S1', 'S2', 'S3'], 1000);
  return delivered > 20 ? `it took ${delivered} messages to find the place where the logs meet` : null;
}

/** A lagging follower in constant contact with a live leader must not start an election. */
export function laggingFollower(rules: Rules): string | null {
  const config = configOf(3, { rules });
  let state = followerOf(config, { term: 2, leaderId: 'S2' });
  for (let round = 0; round < 30; round++) {
    const probe = receive(appendEntries({ term: 2, prevLogIndex: 9, prevLogTerm: 2 }));
    state = stepAll(config, state, [{ type: 'tick' }, { type: 'tick' }, probe]).state;
  }
  return state.currentTerm > 2 ? `stood for election in term ${state.currentTerm} under a live leader` : null;
}

/** A redirect must not name a leader whose term is over. */
export function oldLeaderForgotten(rules: Rules): string | null {
  const config = configOf(3, { rules });
  const { state } = run(
    config,
    followerOf(config, { term: 2, leaderId: 'S3' }),
    receive({ type: 'RequestVote', from: 'S2', to: 'S1', term: 3, preVote: false, lastLogIndex: 0, lastLogTerm: 0 }),
  );
  const { role } = state;
  return role.name === 'follower' && role.leaderId !== null ? `still names ${role.leaderId} in term 3` : null;
}

/** A leader that cannot reach a majority must step down (CheckQuorum). */
export function lonelyLeader(rules: Rules): string | null {
  const config = configOf(5, { rules, flags: { preVote: true, checkQuorum: true, noop: true } });
  const leader = leaderOfTerm(config, { term: 2 });
  const contact = receive(rejected('S2', 2, { prevLogIndex: 9, conflictIndex: 1, conflictTerm: 0 }));
  let state = leader;
  for (let window = 0; window < 3; window++) {
    const ticks = Array.from({ length: config.electionTicks }, () => ({ type: 'tick' }) as const);
    state = stepAll(config, state, [contact, ...ticks]).state;
  }
  return state.role.name === 'leader' ? 'leads on with one follower of four' : null;
}

/** A server that rejoins with a higher term must not depose a live leader (CheckQuorum). */
export function disruptiveServer(rules: Rules): string | null {
  const config = configOf(3, { rules, flags: { preVote: false, checkQuorum: true, noop: false } });
  const request = receive({
    type: 'RequestVote',
    from: 'S3',
    to: 'S1',
    term: 9,
    preVote: false,
    lastLogIndex: 0,
    lastLogTerm: 0,
  });
  const { state } = run(config, leaderOfTerm(config, { term: 2, log: [2] }), request);
  return state.role.name === 'leader'
    ? null
    : `stepped down for a server that cannot win, now in term ${state.currentTerm}`;
}

/** A restarted server is a follower, even if it led the term on its disk. */
export function restartedLeader(rules: Rules): string | null {
  const wires = new Wires([{ term: 0, log: [] }], { rules });
  wires.timeOut('S1');
  wires.restart('S1');
  return wires.state('S1').role.name === 'follower' ? null : `came back as ${wires.state('S1').role.name}`;
}

/** A command accepted by a leader that steps down may still be committed by the next leader. */
export function honestAboutLoss(rules: Rules): string | null {
  const config = configOf(3, { rules });
  const leader = leaderOfTerm(config, { term: 2, log: [2] });
  const { ready } = stepAll(config, leader, [persistedInput(leader), receive(appendEntries({ term: 3 }))]);
  const lost = ready.replies.find((reply) => reply.type === 'leadership-lost');
  return lost?.type === 'leadership-lost' && lost.outcome !== 'unknown' ? `says ${lost.outcome}` : null;
}

/** With a no-op a new leader commits the entries of earlier terms without waiting for a client. */
export function noopCommits(rules: Rules): string | null {
  const log = { term: 2, log: [1, 2] };
  const wires = new Wires([log, log, log], { rules, flags: { preVote: false, checkQuorum: false, noop: true } });
  wires.timeOut('S1');
  wires.settle(['S1', 'S2', 'S3']);
  wires.heartbeat('S1');
  wires.settle(['S1', 'S2', 'S3']);
  const { commitIndex } = wires.state('S1');
  return commitIndex === 3 ? null : `committed ${commitIndex} of 3 entries`;
}

/** Replies to an earlier pre-vote do not count in the next one. */
export function freshPreVote(rules: Rules): string | null {
  const config = configOf(5, { rules, flags: { preVote: true, checkQuorum: true, noop: true } });
  const grant = (from: string) =>
    receive({ type: 'RequestVoteReply', from, to: 'S1', term: 3, preVote: true, voteGranted: true } as const);
  let state = followerOf(config, { term: 2, log: [2] });
  for (const voter of ['S2', 'S3']) {
    do {
      state = run(config, state, { type: 'tick' }).state;
    } while (state.electionElapsed > 0);
    state = run(config, state, grant(voter)).state;
  }
  return state.role.name === 'pre-candidate' ? null : `became ${state.role.name} with one answer in each of two rounds`;
}

/** The first vote request or its reply is lost. The repeated one must win the same election. */
export function lostRequest(rules: Rules): string | null {
  const config = configOf(3, { rules });
  let state = followerOf(config, { term: 1 });
  let asked = 0;
  for (let tick = 0; tick < 2 * config.electionTicks + config.heartbeatTicks; tick++) {
    const ticked = run(config, state, { type: 'tick' });
    state =
      ticked.ready.persist === null ? ticked.state : run(config, ticked.state, persistedInput(ticked.state)).state;
    const requests = [...ticked.ready.send, ...ticked.ready.sendAfterPersist];
    if (requests.some((message) => message.type === 'RequestVote' && message.term === 2)) asked += 1;
  }
  return asked > 1 ? null : 'asks once in its term and never again';
}
