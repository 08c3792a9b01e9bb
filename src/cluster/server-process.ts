/**
 * One server of the run through all its lives: spawned, ready, ticking, killed, read from disk, spawned again. Only
 * this class knows whether its server is starting, up, stopping or down (Node's `child.killed` shows only that a signal
 * was sent). No server restarts by itself. The trace has each intention before the action and its outcome after it.
 * Flow: live run → here → child and control channel.
 */

import type { LabEvent } from '../core/catalogue/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { ControlUp, ServerId, ServerRequest, ServerSpec, Telemetry } from '../core/wire/index.ts';
import type { ControlAnswer, ControlChannel, OnReport } from './control/channel.ts';
import type { ControlServer } from './control/control-server.ts';
import type { Gone } from './keep-alive.ts';
import type { Child, Exit } from './processes/child.ts';
import type { Children } from './processes/children.ts';
import { changesSince, type ServerSpeed } from './server-speed.ts';
import { atMost, type Deferred, deferred } from './waiting.ts';
import { createWriteWatch, type WriteWatch } from './write-watch.ts';

/** Phase of a server's life. `waiting`: it starts as soon as its last life is over. */
export type Phase = 'down' | 'waiting' | 'starting' | 'up' | 'stopping';

/** The parts of the run that a server process needs. */
export interface ServerOptions {
  readonly id: ServerId;
  readonly program: string;
  /** Folder with the server's files; created by the run. */
  readonly folder: string;
  /** Number of lives in earlier parts of this run, and whether the server was ever ready in them. */
  readonly earlier: { readonly lives: number; readonly everReady: boolean };
  readonly control: ControlServer;
  readonly children: Children;
  /** Returns the start options that do not depend on the server itself; called for each life. */
  readonly spec: (life: number) => Omit<ServerSpec, 'server' | 'life' | 'mustExist' | 'folder'>;
  /** Sends the server's port to the network. Null: the server has no port. */
  readonly route: (life: number, port: number | null) => Promise<void>;
  readonly note: (event: LabEvent) => void;
  readonly onEvents: (report: Extract<ControlUp, { readonly type: 'events' }>) => void;
  readonly onProblem: (message: string) => void;
  /** Called when the server is down, its files are noted in the trace, and no start waits. */
  readonly onGone: (gone: Gone) => void;
  /** Notes the dead server's files in the trace, before the server may start again. */
  readonly observeDisk: (life: number, everReady: boolean) => Promise<void>;
}

/** The facts of the process for the Process tab. */
export interface ProcessFacts {
  readonly pid: number | null;
  readonly life: number;
  readonly uptimeMs: number | null;
  readonly telemetry: Telemetry | null;
  readonly cpuShare: number | null;
  readonly exit: (Exit & { readonly ordered: boolean }) | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** One life of the server. */
interface Life {
  readonly number: number;
  readonly child: Child;
  /** Tick length and timing with which the process was started. */
  readonly speed: ServerSpeed;
  channel: ControlChannel | null;
  /** Whether the lab has frozen the process and not resumed it. */
  frozen: boolean;
  /** Whether the lab has sent a signal that ends the process. */
  ordered: boolean;
  telemetry: Telemetry | null;
  cpuShare: number | null;
  exit: Exit | null;
  readonly writes: WriteWatch;
}

const LAST_EVENTS_WITHIN_MS = 250;
const GO_WITHIN_MS = 5_000;
const LET_GO_WITHIN_MS = 2_000;
const STOPPED_WITHIN_MS = 1_000;

/** A server of the run. Call `stop` at the end. */
export class ServerProcess {
  readonly id: ServerId;
  readonly #options: ServerOptions;
  #lives: number;
  #everReady: boolean;
  #phase: Phase = 'down';
  #life: Life | null = null;
  /** Resolves when the last life is over and its last event is noted. */
  #over: Promise<void> = Promise.resolve();
  /**
   * Whether the files of the last life are noted in the trace. They are not when the lab of an earlier part of the run
   * died.
   */
  #isObserved: boolean;
  /** Whether the run stops, after which no further life begins. */
  #isClosed = false;
  #settled: Deferred<void> = deferred();

  constructor(options: ServerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#lives = options.earlier.lives;
    this.#everReady = options.earlier.everReady;
    this.#isObserved = options.earlier.lives === 0;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether the lab has frozen the process and not resumed it. */
  get isFrozen(): boolean {
    return this.#life !== null && this.#life.exit === null && this.#life.frozen;
  }

  /** Whether the server is up and not frozen. */
  get isRunning(): boolean {
    return this.#phase === 'up' && !this.isFrozen;
  }

  /** Number of the current or last life; 0 before the first. */
  get lives(): number {
    return this.#lives;
  }

  /** Resolves when the server is ready, or has ended before it was. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Resolves when the present life is over and its files are noted in the trace; at once when the server is down. */
  get over(): Promise<void> {
    return this.#over;
  }

  /**
   * Starts a new life once the last one is over and its files are noted in the trace.
   *
   * @param mayGo  the ticks begin when this settles; servers of a new run start together
   * @returns the pid, as soon as the process exists
   * @throws the system's error when the process could not be spawned; LabProblem busy when the run stops meanwhile
   */
  async start(mayGo: Promise<void>): Promise<number> {
    this.#phase = this.#phase === 'stopping' ? 'waiting' : 'starting';
    this.#settled = deferred();
    await this.#over;
    if (!this.#isObserved) {
      this.#isObserved = true;
      await this.#options.observeDisk(this.#lives, this.#everReady);
    }
    if (this.#isClosed) {
      this.#phase = 'down';
      this.#settled.resolve();
      throw new LabProblem('busy');
    }
    this.#phase = 'starting';
    const number = this.#lives + 1;
    const life = await this.#spawn(number, mayGo).catch((cause: unknown) => {
      this.#phase = 'down';
      this.#settled.resolve();
      throw cause;
    });
    return life.child.pid;
  }

  /**
   * Sends SIGKILL or SIGTERM to the running process.
   *
   * @returns its pid, or null when no process runs
   */
  signal(signal: 'SIGKILL' | 'SIGTERM'): number | null {
    const life = this.#life;
    if (life === null || life.exit !== null || life.child.exit() !== null) return null;
    const { pid } = life.child;
    this.#options.note({ event: 'SignalOrdered', server: this.id, ofLife: life.number, signal, pid });
    // The result is false when the process ended by itself just before. Then its exit was not ordered by the lab.
    if (!life.child.signal(signal)) return null;
    life.ordered = true;
    if (this.#phase !== 'waiting') this.#phase = 'stopping';
    return pid;
  }

  /** Makes the server write only half of its next write, and then kills it with SIGKILL. @throws LabProblem not-up */
  async dieInWrite(): Promise<void> {
    const life = this.#life;
    if (life === null || this.#phase !== 'up') throw new LabProblem('not-up', { server: this.id });
    const { pid } = life.child;
    this.#options.note({ event: 'SignalOrdered', server: this.id, ofLife: life.number, signal: 'SIGKILL', pid });
    life.ordered = true;
    await this.ask({ type: 'die-in-write' });
  }

  /**
   * Freezes the process (SIGSTOP).
   *
   * @returns its pid, once the system shows it as stopped
   * @throws LabProblem not-up, already-frozen, cannot-freeze
   */
  async freeze(): Promise<number> {
    const { note, children } = this.#options;
    const server = this.id;
    const life = this.#life;
    if (life === null || this.#phase !== 'up') throw new LabProblem('not-up', { server });
    if (life.frozen) throw new LabProblem('already-frozen', { server });
    if (process.platform === 'win32')
      throw new LabProblem('cannot-freeze', { server, detail: 'Windows has no SIGSTOP' });
    // A frozen process cannot notice that its lab is gone. Only the reaper can end it then.
    if (!children.isGuarded(life.child.identity)) {
      throw new LabProblem('cannot-freeze', { server, detail: 'the reaper does not guard it yet; try again' });
    }
    const about = { server, ofLife: life.number, pid: life.child.pid };
    note({ event: 'SignalOrdered', ...about, signal: 'SIGSTOP' });
    life.frozen = life.child.signal('SIGSTOP');
    if (!life.frozen || !(await life.child.stopped(STOPPED_WITHIN_MS)) || life.exit !== null) {
      this.#thaw(life);
      throw new LabProblem('cannot-freeze', { server, detail: 'it did not stop' });
    }
    note({ event: 'ServerFrozen', ...about });
    return about.pid;
  }

  /** Resumes a frozen process (SIGCONT). @throws LabProblem not-frozen */
  resume(): number {
    const life = this.#life;
    if (life === null || life.exit !== null || !life.frozen) throw new LabProblem('not-frozen', { server: this.id });
    const about = { server: this.id, ofLife: life.number, pid: life.child.pid };
    this.#options.note({ event: 'SignalOrdered', ...about, signal: 'SIGCONT' });
    if (!this.#thaw(life)) throw new LabProblem('not-frozen', { server: this.id });
    this.#options.note({ event: 'ServerResumed', ...about });
    return about.pid;
  }

  #thaw(life: Life): boolean {
    life.frozen = false;
    return life.child.signal('SIGCONT');
  }

  /**
   * Sends a request over the control channel. The outcome is `no-answer` when the server is not up or does not answer
   * in time. Never rejects.
   */
  async ask(request: ServerRequest, withinMs?: number): Promise<ControlAnswer> {
    const channel = this.#life?.channel ?? null;
    if (this.#phase !== 'up' || channel === null) return { outcome: 'no-answer' };
    return await channel.ask(request, withinMs);
  }

  /** Returns the facts of the current or last life for the Process tab. */
  facts(): ProcessFacts {
    const life = this.#life;
    const alive = life !== null && life.exit === null;
    return {
      pid: alive ? life.child.pid : null,
      life: this.#lives,
      uptimeMs: alive ? performance.now() - life.child.startedAt : null,
      telemetry: life?.telemetry ?? null,
      cpuShare: alive ? life.cpuShare : null,
      exit: life === null || life.exit === null ? null : { ...life.exit, ordered: life.ordered },
      stdout: life?.child.stdout.lines() ?? [],
      stderr: life?.child.stderr.lines() ?? [],
    };
  }

  /**
   * Ends the server for good: SIGCONT (a frozen process does not act on SIGTERM), SIGTERM, then SIGKILL after
   * `withinMs`.
   */
  async stop(withinMs: number): Promise<void> {
    // A restart that waits for the end of this life must not begin another life, because no code would stop that one.
    this.#isClosed = true;
    const life = this.#life;
    if (life !== null && life.exit === null) {
      life.child.signal('SIGCONT');
      this.signal('SIGTERM');
      if ((await atMost(withinMs, life.child.exited)) === 'late') this.signal('SIGKILL');
    }
    await this.#over;
  }

  async #spawn(number: number, mayGo: Promise<void>): Promise<Life> {
    const { control, children, folder, program } = this.#options;
    const spec: ServerSpec = {
      ...this.#options.spec(number),
      server: this.id,
      life: number,
      mustExist: this.#everReady,
      folder,
    };
    let life: Life | null = null;
    const withdraw = control.expect({
      program: this.id,
      life: number,
      onChannel: (channel) => {
        if (life !== null) this.#connected(life, channel);
      },
      onReport: (report) => {
        if (life !== null) this.#hear(life, report, mayGo);
      },
    });
    const child = await children
      .start({
        program,
        args: ['--run', spec.runId, '--server', this.id],
        spec: { name: 'RAFT_LAB_SERVER', json: JSON.stringify(spec) },
        folder,
      })
      .catch((cause: unknown) => {
        withdraw();
        throw cause;
      });
    this.#lives = number;
    life = {
      number,
      child,
      speed: spec,
      channel: null,
      frozen: false,
      ordered: false,
      telemetry: null,
      cpuShare: null,
      exit: null,
      writes: createWriteWatch((forMs) => this.#noteWrite(number, forMs)),
    };
    this.#life = life;
    this.#options.note({ event: 'ServerSpawned', server: this.id, ofLife: number, pid: child.pid });
    this.#over = this.#awaitEnd(life).finally(withdraw);
    return life;
  }

  #hear(life: Life, report: Parameters<OnReport>[0], mayGo: Promise<void>): void {
    life.writes.heard(report.type === 'events' && report.writes === true);
    if (report.type === 'events') this.#options.onEvents(report);
    else if (report.type === 'telemetry') keepTelemetry(life, report.telemetry);
    else if (report.type === 'ready') void this.#ready(life, report.port, mayGo);
  }

  #noteWrite(number: number, forMs: number): void {
    const life = this.#life;
    // A frozen server cannot end its write, so no report is made.
    if (life === null || life.number !== number || life.exit !== null || life.frozen) return;
    this.#options.note({ event: 'DiskSilent', server: this.id, ofLife: number, forMs });
  }

  async #ready(life: Life, port: number, mayGo: Promise<void>): Promise<void> {
    const { note, route, onProblem } = this.#options;
    // A slow lab reads this report late. Of a life that is over it shows only that the files must exist.
    if (life.exit !== null) {
      this.#everReady = true;
      return;
    }
    note({ event: 'ServerReady', server: this.id, ofLife: life.number, port });
    this.#everReady = true;
    if (this.#phase === 'starting') this.#phase = 'up';
    await route(life.number, port);
    this.#settled.resolve();
    await mayGo;
    if (life.channel === null || life.exit !== null) return;
    // Pace and timing may have changed while the server was starting and had no channel yet.
    const requests = changesSince(life.speed, this.#options.spec(life.number));
    for (const request of requests) await life.channel.ask(request, GO_WITHIN_MS);
    const answer = await life.channel.ask({ type: 'go' }, GO_WITHIN_MS);
    if (answer.outcome === 'refused') onProblem(`${this.id} refused to go: ${answer.reason}`);
  }

  #connected(life: Life, channel: ControlChannel): void {
    life.channel = channel;
    // The program exits when its channel closes. A program that does not exit is killed.
    void channel.closed.then(async () => {
      if ((await atMost(LET_GO_WITHIN_MS, life.child.exited)) === 'done' || life.ordered) return;
      this.#options.onProblem(`${this.id} closed its control channel and did not exit; it is killed`);
      life.child.signal('SIGKILL');
    });
  }

  async #awaitEnd(life: Life): Promise<void> {
    const exit = await life.child.exited;
    if (life.channel !== null) await atMost(LAST_EVENTS_WITHIN_MS, life.channel.closed);
    life.exit = exit;
    life.writes.stop();
    const cause = life.ordered ? 'ordered' : 'not-ordered';
    const message = life.ordered ? '' : life.child.stderr.lastLine();
    const { pid } = life.child;
    this.#options.note({ event: 'ServerExited', server: this.id, ofLife: life.number, pid, ...exit, cause, message });
    this.#settled.resolve();
    if (this.#phase !== 'waiting') this.#phase = 'stopping';
    await this.#options.route(life.number, null);
    await this.#options.observeDisk(life.number, this.#everReady);
    if (this.#phase === 'waiting') return;
    this.#phase = 'down';
    this.#options.onGone({ server: this.id, ordered: life.ordered, stderr: life.child.stderr.lines() });
  }
}

/** Keeps the newest telemetry and computes the share of one core used since the previous one. */
function keepTelemetry(life: Life, telemetry: Telemetry): void {
  const before = life.telemetry;
  const elapsedUs = (telemetry.uptimeMs - (before?.uptimeMs ?? 0)) * 1_000;
  if (elapsedUs > 0) life.cpuShare = (telemetry.cpuUs - (before?.cpuUs ?? 0)) / elapsedUs;
  life.telemetry = telemetry;
}
