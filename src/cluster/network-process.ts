/**
 * The network process of a run. The lab keeps its latest routes, policies and pace, so a process that died is replaced
 * by one with the same port and the same settings, and the servers, which dial a fixed address, reconnect. The death of
 * the process is a failure of the lab and is reported in the trace. Flow: live run → here → control channel →
 * src/network.
 */

import type { LabEvent } from '../core/catalogue/index.ts';
import { endsOf } from '../core/vocabulary/index.ts';
import type { ControlUp, LinkId, LinkTiming, NetworkRequest, NetworkSpec, ServerId } from '../core/wire/index.ts';
import type { ControlChannel } from './control/channel.ts';
import type { ControlServer } from './control/control-server.ts';
import { assertLinks, type LinkOrder } from './faults.ts';
import type { Child } from './processes/child.ts';
import type { Children } from './processes/children.ts';
import { spawnProblem } from './processes/spawn-failed.ts';
import { atMost, deferred } from './waiting.ts';

/** The parts of the run that the network process needs. */
export interface NetworkOptions {
  readonly program: string;
  readonly folder: string;
  readonly spec: Omit<NetworkSpec, 'life' | 'port'>;
  /** Number of lives of the network process in earlier parts of this run. */
  readonly earlierLives: number;
  readonly control: ControlServer;
  readonly children: Children;
  readonly note: (event: LabEvent) => void;
  readonly onEvents: (report: Extract<ControlUp, { readonly type: 'events' }>) => void;
  readonly onProblem: (message: string) => void;
  /** Called when the network process cannot be kept running and the run must stop. */
  readonly onFailed: (message: string) => void;
}

const READY_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;
const LAST_EVENTS_WITHIN_MS = 250;
/** Maximum number of deaths within the window; after one more the lab stops the run. */
const MAX_DEATHS = 3;
const DEATH_WINDOW_MS = 10_000;

/** The network of one run while one lab has it open. Call `start` first and `stop` at the end. */
export class NetworkProcess {
  readonly #options: NetworkOptions;
  readonly #routes = new Map<ServerId, { readonly life: number; readonly port: number | null }>();
  readonly #policies = new Map<string, LinkOrder>();
  readonly #deaths: number[] = [];
  #pace: LinkTiming;
  #life: number;
  #port: number | undefined;
  #child: Child | null = null;
  #channel: ControlChannel | null = null;
  #stopping = false;
  #lastWords = '';

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#pace = linkTimingOf(options.spec);
    this.#life = options.earlierLives;
  }

  /** Address of the network, `ws://127.0.0.1:PORT`. It stays the same while this lab has the run open. */
  get url(): string {
    return `ws://127.0.0.1:${this.#port ?? 0}`;
  }

  /** The process id, or null between a death and its replacement. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Starts the process and waits until it listens.
   *
   * @throws LabProblem of spawnProblem, or an Error with the last line of its output
   */
  async start(): Promise<void> {
    const port = await this.#launch().catch((cause: unknown) => {
      throw spawnProblem('network', cause);
    });
    if (port === null) throw new Error(`the network process did not start: ${this.#lastWords || 'it said nothing'}`);
  }

  /** Sends the port of a server in this life to the network. Null: the server has no port. */
  async route(server: ServerId, life: number, port: number | null): Promise<void> {
    this.#routes.set(server, { life, port });
    await this.#tell({ type: 'route', server, life, port });
  }

  /**
   * Sends changed policies. Resolves when they are in force; for a dead process, when its replacement will have them.
   */
  async setPolicies(links: readonly LinkOrder[]): Promise<void> {
    for (const order of links) this.#policies.set(`${order.from}>${order.to}`, order);
    if (links.length > 0) await this.#tell({ type: 'policies', links });
  }

  /** Breaks the connections of these directions. @throws LabProblem unknown-link */
  async reset(links: readonly LinkId[]): Promise<void> {
    assertLinks(this.#options.spec.servers, links);
    this.#options.note({ event: 'ResetOrdered', links });
    await this.#tell({ type: 'reset', links: links.map(endsOf) });
  }

  /**
   * Returns the number of requests delivered to each server in its present life; null when the network does not answer.
   */
  async counts(): Promise<Readonly<Record<ServerId, number>> | null> {
    const answer = await this.#channel?.ask({ type: 'counts' }, ANSWER_WITHIN_MS);
    // The answer comes from our own program, so its shape is the one that the wire protocol fixes.
    return answer?.outcome === 'answered' ? (answer.value as Record<ServerId, number>) : null;
  }

  /** Sets the delay and loss of messages, and the time between two ticks of the servers. */
  async setPace(pace: LinkTiming): Promise<void> {
    this.#pace = linkTimingOf(pace);
    await this.#tell({ type: 'pace', ...this.#pace });
  }

  /** Ends the process: SIGTERM, then SIGKILL after `withinMs`. Resolves when it is gone. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === null) return;
    child.signal('SIGTERM');
    if ((await atMost(withinMs, child.exited)) === 'late') child.signal('SIGKILL');
    await child.exited;
  }

  /**
   * Spawns one process.
   *
   * @returns its port, or null when it ended before it listened
   * @throws the system's error when it could not be spawned
   */
  async #launch(): Promise<number | null> {
    const { spec, control, children } = this.#options;
    this.#life += 1;
    const port = this.#port === undefined ? {} : { port: this.#port };
    const { jitterMs: _jitter, lossPercent: _loss, ...fixed } = spec;
    const orders: NetworkSpec = { ...fixed, ...port, ...this.#pace, life: this.#life };
    const ready = deferred<number>();
    let connected: ControlChannel | null = null;
    const withdraw = control.expect({
      program: 'network',
      life: this.#life,
      onChannel: (channel) => {
        connected = channel;
      },
      onReport: (report) => {
        if (report.type === 'ready') ready.resolve(report.port);
        if (report.type === 'events') this.#options.onEvents(report);
      },
    });
    const child = await children.start({
      program: this.#options.program,
      args: ['--run', spec.runId, '--network'],
      spec: { name: 'RAFT_LAB_NETWORK', json: JSON.stringify(orders) },
      folder: this.#options.folder,
    });
    this.#child = child;
    this.#options.note({ event: 'NetworkSpawned', pid: child.pid });
    const gone = child.exited.then(() => withdraw());
    void gone.then(() => this.#onExit(child));
    const outcome = await atMost(READY_WITHIN_MS, Promise.race([ready.promise, gone]));
    if (outcome === 'done' && child.exit() === null) {
      const listensAt = await ready.promise;
      this.#port = listensAt;
      // The channel is set once the process listens, so later requests follow the first settings.
      this.#channel = connected;
      await this.#brief(orders);
      return listensAt;
    }
    child.signal('SIGKILL');
    await child.exited;
    this.#lastWords = child.stderr.lastLine();
    return null;
  }

  async #onExit(child: Child): Promise<void> {
    const exit = await child.exited;
    const channel = this.#channel;
    this.#child = null;
    this.#channel = null;
    if (channel !== null) await atMost(LAST_EVENTS_WITHIN_MS, channel.closed);
    const cause = this.#stopping ? 'ordered' : 'not-ordered';
    const message = this.#stopping ? '' : child.stderr.lastLine();
    this.#options.note({ event: 'NetworkExited', pid: child.pid, ...exit, cause, message });
    // A process without a port never listened. Its start rejects, and that reports the failure.
    if (this.#stopping || this.#port === undefined) return;
    await this.#replace();
  }

  /** Starts a new process on the same port with the same settings. */
  async #replace(): Promise<void> {
    const now = performance.now();
    this.#deaths.push(now);
    const recent = this.#deaths.filter((at) => now - at < DEATH_WINDOW_MS).length;
    if (recent > MAX_DEATHS) {
      this.#options.onFailed(`the network process died ${recent} times within ${DEATH_WINDOW_MS / 1_000} s`);
      return;
    }
    try {
      // A process that ends before it listens is replaced again when its exit is handled.
      await this.#launch();
    } catch (cause) {
      if (!this.#stopping) this.#options.onFailed((cause as Error).message);
    }
  }

  /** Sends all settings together before the process is used, so that later requests follow them. */
  async #brief(orders: NetworkSpec): Promise<void> {
    const told: Promise<void>[] = [];
    const isNewPace = JSON.stringify(this.#pace) !== JSON.stringify(linkTimingOf(orders));
    if (isNewPace) told.push(this.#tell({ type: 'pace', ...this.#pace }));
    // Policies are sent before routes, so that no early message crosses a cut.
    const links = [...this.#policies.values()].filter((order) => order.policy.mode !== 'pass');
    if (links.length > 0) told.push(this.#tell({ type: 'policies', links }));
    for (const [server, route] of this.#routes) told.push(this.#tell({ type: 'route', server, ...route }));
    await Promise.all(told);
  }

  async #tell(request: NetworkRequest): Promise<void> {
    const channel = this.#channel;
    // A network that is not connected gets no message. Its replacement receives all settings when it is ready.
    if (channel === null) return;
    const answer = await channel.ask(request, ANSWER_WITHIN_MS);
    if (answer.outcome === 'refused') this.#options.onProblem(`the network refused ${request.type}: ${answer.reason}`);
    if (answer.outcome === 'no-answer' && this.#channel === channel) {
      this.#options.onProblem(`the network did not answer ${request.type} within ${ANSWER_WITHIN_MS} ms`);
    }
  }
}

/** Returns the speed of the links alone, without jitter and loss when they are 0. */
function linkTimingOf({ hopDelayMs, jitterMs = 0, lossPercent = 0, tickMs, electionTicks }: LinkTiming): LinkTiming {
  const faults = { ...(jitterMs === 0 ? {} : { jitterMs }), ...(lossPercent === 0 ? {} : { lossPercent }) };
  return { hopDelayMs, ...faults, tickMs, electionTicks };
}
