/**
 * A bare cluster: only a network and servers. A host of its own starts them and keeps no recording, so that only their
 * work is measured. The programs may be those of another checkout. Flow: row.ts → here → bench-host process → cluster.
 */
import { join } from 'node:path';
import {
  BARE_ORDERS,
  type BareAnswer,
  type BareCounts,
  type BareLine,
  type BareOrders,
  type BareQuestion,
  type BareUp,
} from '../../lab/index.ts';
import type { Checkout } from './checkout.ts';
import { type Cluster, type ClusterPids, expectGone, identitiesOf, leaderOf, type Traffic } from './cluster.ts';
import type { Helper } from './helper.ts';
import { endWatch } from './lab-cluster.ts';
import type { Combination } from './options.ts';
import { type Workshop, waitFor } from './workshop.ts';

const UP_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;

interface BareStart extends Combination {
  readonly checkout: Checkout;
  readonly dataFolder: string;
  /** Folder of the built programs. */
  readonly programFolder: string;
}

/**
 * Starts the host and its cluster, and waits for a leader.
 *
 * @throws CalledOff, or Error with a sentence; no process is left then
 */
export async function startBareCluster(workshop: Workshop, start: BareStart): Promise<Cluster> {
  const { checkout, dataFolder, servers, durability, programFolder } = start;
  const orders: BareOrders = { dataFolder, programs: checkout.programs, servers, durability };
  const lines = new Lines();
  const host = workshop.start({
    program: join(programFolder, 'bench-host.js'),
    env: { [BARE_ORDERS]: JSON.stringify(orders) },
    onLine: (line) => lines.heard(line),
  });
  void host.exited.then(() => lines.over(new Error(host.lastWords())));
  try {
    const waiting = { interrupted: workshop.interrupted, withinMs: UP_WITHIN_MS, everyMs: LOOK_EVERY_MS };
    const hasEnded = endWatch(host);
    const up = await waitFor('the cluster', waiting, () => hasEnded() ?? lines.up);
    const cluster = new BareCluster(host, lines, up);
    await leaderOf(workshop, cluster);
    return cluster;
  } catch (problem) {
    await host.end();
    throw problem;
  }
}

/** Lines of the host: the first line, and answers matched with their questions. */
class Lines {
  up: BareUp | null = null;
  readonly #waiting = new Map<number, { answered: (answer: BareAnswer) => void; lost: (problem: Error) => void }>();
  #asked = 0;
  #end: Error | null = null;

  heard(text: string): void {
    // The line comes from our own program.
    const line = JSON.parse(text) as BareLine;
    if (line.type === 'up') this.up = line;
    else {
      this.#waiting.get(line.id)?.answered(line);
      this.#waiting.delete(line.id);
    }
  }

  over(problem: Error): void {
    this.#end = problem;
    for (const { lost } of this.#waiting.values()) lost(problem);
  }

  async ask(host: Helper, ask: BareQuestion['ask']): Promise<BareAnswer> {
    this.#asked += 1;
    const question: BareQuestion = { id: this.#asked, ask };
    return await new Promise((answered, lost) => {
      if (this.#end !== null) return lost(this.#end);
      this.#waiting.set(question.id, { answered, lost });
      host.tell(JSON.stringify(question));
    });
  }
}

class BareCluster implements Cluster {
  readonly #host: Helper;
  readonly #lines: Lines;
  readonly #marks: BareCounts[] = [];
  readonly admission: BareUp;
  readonly pids: ClusterPids;
  readonly folders: Readonly<Record<string, string>>;

  constructor(host: Helper, lines: Lines, up: BareUp) {
    this.#host = host;
    this.#lines = lines;
    this.admission = up;
    this.pids = { lab: host.pid, network: up.networkPid, servers: up.serverPids };
    this.folders = up.serverFolders;
  }

  async states() {
    const answer = await this.#lines.ask(this.#host, 'states');
    return answer.type === 'states' ? answer.states : {};
  }

  async mark(): Promise<void> {
    const answer = await this.#lines.ask(this.#host, 'counts');
    if (answer.type === 'counts') this.#marks.push(answer.counts);
  }

  leaveAlone(): void {
    // The host does no work for the bench until it is asked.
  }

  async stop(): Promise<void> {
    const identities = identitiesOf(this.pids);
    await this.#host.end();
    await expectGone(identities);
  }

  async traffic(): Promise<Traffic | null> {
    const [began, ended] = this.#marks;
    if (began === undefined || ended === undefined) return null;
    return {
      events: ended.events - began.events,
      messages: ended.messages - began.messages,
      linkBytes: ended.linkBytes - began.linkBytes,
      traceBytes: null,
      elections: ended.elections - began.elections,
    };
  }
}
