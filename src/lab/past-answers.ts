/**
 * Answers of an opened recording about the servers: their files as they are now, and their stores and processes at the
 * shown moment. No file holds a store, so it is computed again from the server's own log, up to the entry applied at
 * that moment. Flow: dispatcher → here.
 */

import { readWholeLog } from '../cluster/disk/disk-reader.ts';
import { diskOf } from '../cluster/questions.ts';
import type { DiskView, ProcessView, Requests } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { rules } from '../core/raft/index.ts';
import { applyEntry, emptyMachine, type Machine, storePage } from '../core/state-machine/index.ts';
import type { ClusterView, ServerView } from '../core/trace/index.ts';
import { isProblem, parseLogEntry, type ServerId, type StoreView } from '../core/wire/index.ts';
import { type RunReader, serverFolder } from '../recording/index.ts';
import { beginSlice, nextTurn } from '../recording/slices.ts';

/** An opened recording: its reader, its folder, and the exported file that it is a copy of. */
export interface Past {
  readonly reader: RunReader;
  readonly folder: string;
  readonly staged: { readonly name: string } | null;
}

/**
 * Reads the files of a recorded server as they are now, that is at the run's end, whatever moment is shown. An exported
 * file has none.
 */
export async function pastDisk({ reader, folder, staged }: Past, server: ServerId): Promise<DiskView> {
  const { settings } = reader;
  if (!settings.servers.includes(server)) throw new LabProblem('unknown-server', { server });
  if (staged !== null) throw new LabProblem('no-server-files', { file: staged.name });
  const { durability } = settings;
  return await diskOf({ server, folder: serverFolder(folder, server), isLive: false, durability });
}

/**
 * Returns a page of every server's store at that moment; null for a server that was not up, or whose files do not reach
 * the entry that it had applied.
 */
export async function pastStores(
  past: Past,
  { limit, after, timeUs }: Requests['stores']['ask'],
): Promise<Readonly<Record<ServerId, StoreView | null>>> {
  if (past.staged !== null) throw new LabProblem('no-server-files', { file: past.staged.name });
  const view = await viewOf(past, timeUs);
  const stores: Record<ServerId, StoreView | null> = {};
  for (const id of past.reader.settings.servers) {
    const server = view.servers[id];
    const machine = server?.status === 'up' ? await machineAt(serverFolder(past.folder, id), server.lastApplied) : null;
    stores[id] = machine === null ? null : storePage(machine, { limit, after: after ?? null });
  }
  return stores;
}

/**
 * Returns a server's process at that moment, from the trace. Its output is omitted, because the lines have no times.
 */
export async function pastProcess(past: Past, { server, timeUs }: Requests['process']['ask']): Promise<ProcessView> {
  const view = await viewOf(past, timeUs);
  const then = view.servers[server];
  if (then === undefined) throw new LabProblem('unknown-server', { server });
  return {
    server,
    pid: then.pid,
    life: then.life,
    uptimeMs: uptimeMs(then, view.timeUs),
    telemetry: null,
    cpuShare: null,
    exit: then.exit,
    stdout: [],
    stderr: [],
  };
}

function uptimeMs({ pid, startedUs }: ServerView, nowUs: number): number | null {
  return pid === null || startedUs === null ? null : (nowUs - startedUs) / 1000;
}

async function viewOf({ reader }: Past, timeUs: number | undefined): Promise<ClusterView> {
  return await reader.viewAt(timeUs ?? reader.span().toUs);
}

/**
 * Computes the store that the entries up to `last` make; null when the files do not hold them all. Applied entries
 * never change.
 */
async function machineAt(folder: string, last: number): Promise<Machine | null> {
  let machine = emptyMachine();
  let isOver = beginSlice();
  for (const found of await readWholeLog(folder)) {
    if (found.index > last) break;
    const entry = parseLogEntry(found);
    if (isProblem(entry) || entry.index !== machine.lastApplied + 1) return null;
    machine = applyEntry(rules, machine, entry).machine;
    if (!isOver()) continue;
    await nextTurn();
    isOver = beginSlice();
  }
  return machine.lastApplied === last ? machine : null;
}
