/**
 * A cluster as people run it: the lab behind its browser door, in a process of its own, with recording, view and
 * judges. The bench uses the door as a dashboard does. Flow: row.ts → here → web-host process → network and server
 * processes.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from './checkout.ts';
import { type Admission, type Cluster, type ClusterPids, expectGone, identitiesOf, leaderOf } from './cluster.ts';
import type { Helper } from './helper.ts';
import { type LabSocket, openLabSocket } from './lab-socket.ts';
import type { Combination } from './options.ts';
import { trafficIn } from './trace-window.ts';
import { type Workshop, waitFor } from './workshop.ts';

const ADDRESS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;

/**
 * Starts a lab with a run, and waits for a leader.
 *
 * @param dataFolder  used by this row only
 * @throws CalledOff, or Error with a sentence; no process is left then
 */
export async function startLabCluster(
  workshop: Workshop,
  { checkout, dataFolder, servers, durability }: Combination & { checkout: Checkout; dataFolder: string },
): Promise<LabCluster> {
  let address: string | null = null;
  const lab = workshop.start({
    program: checkout.labProgram,
    args: ['--port', '0'],
    env: { RAFT_LAB_DATA_DIR: dataFolder },
    onLine: (line) => {
      address ??= /^Raft Lab: (\S+)$/.exec(line)?.[1] ?? null;
    },
  });
  try {
    const waiting = { interrupted: workshop.interrupted, withinMs: ADDRESS_WITHIN_MS, everyMs: LOOK_EVERY_MS };
    const hasEnded = endWatch(lab);
    const door = await waitFor('the address of the lab', waiting, () => hasEnded() ?? address);
    const socket = await openLabSocket(door);
    const mode = await socket.ask('createRun', { servers, durability, pace: 'real', preset: 'paper' });
    if (mode.mode !== 'live') throw new Error(`the run is ${mode.mode}`);
    const { runId, settings } = mode;
    const cluster = new LabCluster({ lab, door, socket, runId, servers: settings.servers, dataFolder });
    await leaderOf(workshop, cluster);
    await cluster.learn(join(checkout.ordersFolder, `${runId}.json`));
    return cluster;
  } catch (problem) {
    await lab.end();
    throw problem;
  }
}

/** @returns a function that throws once the program has ended, and returns null before that */
export function endWatch(helper: Helper): () => null {
  let isOver = false;
  void helper.exited.then(() => {
    isOver = true;
  });
  return () => {
    if (isOver) throw new Error(helper.lastWords());
    return null;
  };
}

interface LabParts {
  readonly lab: Helper;
  /** Address of the lab's door, with its token. */
  readonly door: string;
  readonly socket: LabSocket;
  readonly runId: string;
  readonly servers: readonly string[];
  readonly dataFolder: string;
}

/** A cluster with the address of its lab, for callers that send their own requests. */
export class LabCluster implements Cluster {
  readonly #parts: LabParts;
  #socket: LabSocket | null;
  admission: Admission = { runId: '', secret: '', networkUrl: '', originNs: '0' };
  pids: ClusterPids = { lab: 0, network: 0, servers: {} };
  folders: Readonly<Record<string, string>> = {};

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#socket = parts.socket;
  }

  /** Reads the facts that only the lab and the servers have. @param ordersFile  written by the first server */
  async learn(ordersFile: string): Promise<void> {
    const { lab, servers } = this.#parts;
    // The program that replaces the server's wrote this file.
    this.admission = JSON.parse(await readFile(ordersFile, 'utf8')) as Admission;
    const socket = await this.#connected();
    const { events } = await socket.ask('events', { names: ['NetworkSpawned'], newest: true, limit: 1 });
    const [spawned] = events;
    const network = spawned?.event === 'NetworkSpawned' ? spawned.pid : 0;
    const pids: Record<string, number> = {};
    const folders: Record<string, string> = {};
    for (const server of servers) {
      pids[server] = (await socket.ask('process', { server })).pid ?? 0;
      folders[server] = (await socket.ask('disk', { server })).folder;
    }
    this.pids = { lab: lab.pid, network, servers: pids };
    this.folders = folders;
  }

  /** Address of the lab's door, with its token. */
  get address(): string {
    return this.#parts.door;
  }

  async states() {
    const socket = await this.#connected();
    const states = this.#parts.servers.map(async (server) => {
      const state = await socket.ask('serverState', { server });
      return [server, 'noAnswer' in state ? null : state] as const;
    });
    return Object.fromEntries(await Promise.all(states));
  }

  leaveAlone(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  async mark(): Promise<void> {
    // The traffic of the window is counted later, from the recording.
  }

  async stop(): Promise<void> {
    const identities = identitiesOf(this.pids);
    try {
      const socket = await this.#connected();
      await socket.ask('closeRun', {});
    } finally {
      this.leaveAlone();
      await this.#parts.lab.end();
    }
    await expectGone(identities);
  }

  async traffic(window: { readonly fromUs: number; readonly toUs: number }) {
    const { dataFolder, runId } = this.#parts;
    const file = join(dataFolder, 'runs', runId, 'events.jsonl');
    return existsSync(file) ? await trafficIn(file, window) : null;
  }

  async #connected(): Promise<LabSocket> {
    this.#socket ??= await openLabSocket(this.#parts.door);
    return this.#socket;
  }
}
