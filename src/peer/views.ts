/** What the server says of itself when asked over control: its state, its store, and its counters once a second. */
import { chainAt, lastEntryId, leaderOf } from '../core/raft/index.ts';
import type { RaftState } from '../core/raft/state.ts';
import { keyCount, type Machine, sessionCount, storeItems } from '../core/state-machine/index.ts';
import { MAX_FRAME_BYTES, type ServerStateView, type StoreView, type Telemetry } from '../core/wire/index.ts';
import type { TickCounts } from '../program/ticks.ts';

/** The lab hangs up on a frame beyond MAX_FRAME_BYTES, and that ends the server. */
const MAX_STORE_BYTES = MAX_FRAME_BYTES / 2;

/** GetState of the course tests and the Memory tab. */
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

/** The key-value table: at most `limit` keys of it, and no more than one frame holds. */
export function storeView(machine: Machine, limit: number): StoreView {
  const items = storeItems(machine, limit);
  let bytes = 0;
  const tooMany = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return bytes > MAX_STORE_BYTES;
  });
  const shown = tooMany < 0 ? items : items.slice(0, tooMany);
  return { lastApplied: machine.lastApplied, total: keyCount(machine), items: shown };
}

/** Counters of this life; asking for the ticks' begins their next second. */
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
