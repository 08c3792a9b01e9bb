/**
 * The server's reports over the control channel: its state and its store on request, and its counters once a second.
 */
import { chainAt, lastEntryId, leaderOf } from '../core/raft/index.ts';
import type { RaftState } from '../core/raft/state.ts';
import { keyCount, type Machine, sessionCount, storePage } from '../core/state-machine/index.ts';
import type { ServerStateView, StoreView, Telemetry } from '../core/wire/index.ts';
import type { TickCounts } from '../program/ticks.ts';

/** Returns the server's state, for GetState of the course tests and for the Memory tab. */
export function stateView(state: RaftState, machine: Machine): ServerStateView {
  const last = lastEntryId(state.log);
  return {
    role: state.role.name,
    term: state.currentTerm,
    votedFor: state.votedFor,
    leaderId: leaderOf(state),
    isLeader: state.role.name === 'leader',
    commitIndex: state.commitIndex,
    lastApplied: machine.lastApplied,
    lastIndex: last.index,
    lastTerm: last.term,
    durableIndex: state.durable.index,
    chain: chainAt(state.log, last.index),
    sessions: sessionCount(machine),
    keys: keyCount(machine),
  };
}

/** Returns a page of the key-value table: at most `limit` keys behind `after`, and at most what fits into one frame. */
export function storeView(
  machine: Machine,
  { limit, after = null }: { readonly limit: number; readonly after?: string | null },
): StoreView {
  return storePage(machine, { limit, after });
}

/** Returns the counters of this life. Reading the tick counts begins their next second. */
export function telemetry(
  state: RaftState,
  ticks: TickCounts,
  writes: { readonly count: number; readonly lastMs: number },
): Telemetry {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  return {
    rssBytes: memory.rss,
    heapBytes: memory.heapUsed,
    cpuUs: cpu.user + cpu.system,
    uptimeMs: process.uptime() * 1000,
    ...ticks,
    electionElapsed: state.electionElapsed,
    electionTimeout: state.electionTimeout,
    lastWriteMs: writes.lastMs,
    writes: writes.count,
  };
}
