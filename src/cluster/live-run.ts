/**
 * A running cluster: its control listener, network, servers, clients and faults, started together and stopped in order.
 * Each part is a property with its own actions; this class does only what needs several parts. The recorder writes the
 * files of the recording. Flow: dispatcher, scenarios → here → parts → recorder.
 */
import { join } from 'node:path';
import type { LabEvent, PaceName } from '../core/trace/index.ts';
import { type Lengths, lengthsOf, type Timing, type TimingChange } from '../core/vocabulary/index.ts';
import type { ControlUp, LinkTiming, ServerId } from '../core/wire/index.ts';
import { makeFolder } from '../program/make-folder.ts';
import { type ClientPool, createClientPool } from './client-pool.ts';
import { type ControlServer, openControlServer } from './control/control-server.ts';
import { FaultControl } from './fault-control.ts';
import { faultDriverOf } from './fault-driver.ts';
import { KeepAlive } from './keep-alive.ts';
import { type StandstillWatch, watchLab } from './lab-watch.ts';
import { launchTogether } from './launch.ts';
import type { LiveRunOptions, OnReported } from './live-run-options.ts';
import { Nemesis } from './nemesis.ts';
import { NetworkProcess } from './network-process.ts';
import { observeDisk } from './observe-disk.ts';
import { type Children, superviseChildren } from './processes/children.ts';
import { peerSettings, seedFor, timingAfter } from './run-settings.ts';
import { ServerProcess } from './server-process.ts';
import { serverTiming } from './server-speed.ts';
import { Servers } from './servers.ts';
import { deferred } from './waiting.ts';

const STOP_WITHIN_MS = 1_500;

/** A running cluster. Call `prepare`, then `begin`, and `stop` at the end. */
export class LiveRun {
  readonly servers: Servers;
  /** Cuts, partitions and policies of links. */
  readonly faults: FaultControl;
  /** The connections between servers, as the network process has them. */
  readonly links: Pick<NetworkProcess, 'reset' | 'counts' | 'url'>;
  /** Clients that send commands. They find the leader and retry, and each command takes effect once. */
  readonly clients: Pick<ClientPool, 'submit' | 'settle'>;
  readonly keepAlive: Pick<KeepAlive, 'set'>;
  readonly randomFaults: Pick<Nemesis, 'start' | 'stop'>;
  /** Notices when the lab itself cannot work, and when the computer sleeps. */
  readonly watch: StandstillWatch;
  readonly #options: LiveRunOptions;
  readonly #children: Children;
  readonly #control: ControlServer;
  readonly #network: NetworkProcess;
  readonly #clients: ClientPool;
  readonly #keepAlive: KeepAlive;
  readonly #nemesis: Nemesis;
  readonly #processes: readonly ServerProcess[];
  readonly #together = deferred<void>();
  readonly #hearers = new Set<OnReported>();
  #pace: PaceName;
  #timing: Timing;
  #isStopping = false;

  private constructor(options: LiveRunOptions, children: Children, control: ControlServer) {
    const { settings, recorder, earlier, pace, timing } = options;
    this.#options = options;
    this.#children = children;
    this.#control = control;
    this.#pace = pace;
    this.#timing = timing;
    this.watch = watchLab(pace, timing, recorder.nowUs, this.#note);
    this.links = this.#network = this.#makeNetwork();
    this.#processes = settings.servers.map((id) => this.#makeServer(id));
    this.servers = new Servers({
      all: this.#processes,
      folderOf: options.serverFolder,
      durability: settings.durability,
      note: this.#note,
    });
    this.faults = new FaultControl({
      servers: settings.servers,
      earlierFaults: earlier.faults,
      setPolicies: (orders) => this.#network.setPolicies(orders),
      note: this.#note,
    });
    this.keepAlive = this.#keepAlive = new KeepAlive({
      note: this.#note,
      nowMs: () => performance.now(),
      restart: (id) => this.#startAgain(id),
    });
    this.randomFaults = this.#nemesis = new Nemesis(faultDriverOf(this, { servers: settings.servers, recorder }));
    this.clients = this.#clients = createClientPool({
      runId: recorder.runId,
      secret: options.secret,
      originNs: options.originNs,
      servers: settings.servers,
      networkUrl: () => this.#network.url,
      earlierLives: earlier.lives,
      timing: () => ({ ...this.#lengths, ...this.#timing }),
      onEvent: (client, body) => recorder.record(client, body),
    });
  }

  /** Opens the control listener and starts the reaper and the list of processes. Starts no server and no network. */
  static async prepare(options: LiveRunOptions): Promise<LiveRun> {
    const { secret, recorder } = options;
    const { runId } = recorder;
    const onProblem = (message: string): void => recorder.note({ event: 'LabFailed', message });
    const folders = options.settings.servers.map(options.serverFolder);
    for (const folder of [...folders, join(options.runFolder, 'network')]) {
      await makeFolder(folder);
    }
    const control = await openControlServer({ runId, secret, onProblem });
    const reaperProgram = options.programs.reaper;
    const children = superviseChildren({ reaperProgram, runFolder: options.runFolder, runId, onProblem });
    return new LiveRun(options, children, control);
  }

  /**
   * Starts the network and spawns every server. Does not wait until they are ready.
   *
   * @throws LabProblem of spawnProblem, or an error with a sentence; call `stop` then
   */
  async begin(): Promise<void> {
    this.watch.start();
    await this.#network.start();
    await launchTogether(this.#processes, this.#together);
  }

  /** Resolves once the servers may tick. */
  get began(): Promise<void> {
    return this.#together.promise;
  }

  /** Passes the programs' events to `hearer` as they arrive, unsorted. Returns a function that stops this. */
  hear(hearer: OnReported): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  /** Election timeout T at the present pace, in milliseconds. */
  get electionMs(): number {
    return this.#timing.electionTicks * this.#lengths.tickMs;
  }

  /**
   * Heals every link fault. Unless `keepFrozen` is set, also resumes frozen servers and stops random faults.
   *
   * @returns the healed faults and the resumed servers. Does not wait for the recovery after random faults, which is
   * reported in the trace
   */
  async healAll(
    keepFrozen = false,
  ): Promise<{ readonly healed: readonly string[]; readonly resumed: readonly ServerId[] }> {
    if (!keepFrozen) void this.#nemesis.stop();
    const resumed = keepFrozen ? [] : this.servers.resumeFrozen();
    return { healed: await this.faults.heal(null), resumed };
  }

  /** Changes the pace of every server and every link; lengths in ticks stay the same. */
  async setPace(pace: PaceName): Promise<void> {
    this.#pace = pace;
    const { tickMs, hopDelayMs } = this.#lengths;
    this.#note({ event: 'PaceChanged', pace, tickMs, hopDelayMs });
    this.watch.setTiming({ tickMs });
    const slowed = this.#processes.map((server) => server.ask({ type: 'pace', tickMs }));
    await Promise.all([this.#network.setPace(this.#linkTiming()), ...slowed]);
  }

  /**
   * Changes the timing of every link at once, and of every server from its next timer on.
   *
   * @throws LabProblem bad-request, as `timingAfter` does
   */
  async setTiming(change: TimingChange): Promise<Timing> {
    const timing = timingAfter(this.#timing, change);
    this.#timing = timing;
    this.#note({ event: 'TimingChanged', ...timing });
    this.watch.setTiming(timing);
    const told = this.#processes.map((server) => server.ask({ type: 'timing', ...serverTiming(timing) }));
    await Promise.all([this.#network.setPace(this.#linkTiming()), ...told]);
    return timing;
  }

  /** Stops all programs in order; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.watch.stop();
    this.#nemesis.close();
    this.#keepAlive.set(false);
    await this.#clients.close();
    await Promise.all(this.#processes.map((server) => server.stop(STOP_WITHIN_MS)));
    await this.#network.stop(STOP_WITHIN_MS);
    await this.#children.close();
    await this.#control.close();
  }

  /** Kills every child with SIGKILL, synchronously. */
  killNow(): void {
    this.#children.killNow();
  }

  get #lengths(): Lengths {
    return lengthsOf(this.#timing, this.#pace);
  }

  #linkTiming(): LinkTiming {
    return { ...this.#lengths, electionTicks: this.#timing.electionTicks };
  }

  readonly #note = (event: LabEvent): void => this.#options.recorder.note(event);

  readonly #problem = (message: string): void => this.#note({ event: 'LabFailed', message });

  /** Restarts a server for keep alive. No request waits for it, so a failed start is noted as a problem of the lab. */
  async #startAgain(id: ServerId): Promise<void> {
    try {
      await this.servers.restartIfDown(id);
    } catch (cause) {
      if (!this.#isStopping) this.#problem(`keep alive could not start ${id}: ${(cause as Error).message}`);
    }
  }

  #hear(source: string): (report: Extract<ControlUp, { readonly type: 'events' }>) => void {
    const { recorder } = this.#options;
    // Events that were omitted on purpose (`coalesced`) leave the same gap in the numbers as lost events. The gap is
    // noted.
    return ({ events }) => {
      for (const event of events) {
        recorder.record(source, event);
        for (const hearer of this.#hearers) hearer(source, event);
      }
    };
  }

  /** Returns the start options that all programs of the run share. */
  #commonSpec() {
    const { recorder, secret, settings, originNs } = this.#options;
    const { servers } = settings;
    return { runId: recorder.runId, secret, servers, controlUrl: this.#control.url, originNs: String(originNs) };
  }

  #makeNetwork(): NetworkProcess {
    const { settings, programs, runFolder, earlier } = this.#options;
    return new NetworkProcess({
      program: programs.network,
      folder: join(runFolder, 'network'),
      spec: {
        ...this.#commonSpec(),
        ...this.#linkTiming(),
        seed: settings.seed,
      },
      earlierLives: earlier.lives.network ?? 0,
      control: this.#control,
      children: this.#children,
      note: this.#note,
      onEvents: this.#hear('network'),
      onProblem: this.#problem,
      onFailed: this.#options.onFailed,
    });
  }

  #makeServer(id: ServerId): ServerProcess {
    const { programs, serverFolder, earlier, settings } = this.#options;
    const folder = serverFolder(id);
    return new ServerProcess({
      id,
      program: programs.peer,
      folder,
      earlier: { lives: earlier.lives[id] ?? 0, everReady: earlier.everReady.includes(id) },
      control: this.#control,
      children: this.#children,
      spec: (life) => ({
        ...this.#commonSpec(),
        ...peerSettings(settings, id),
        ...serverTiming(this.#timing),
        tickMs: this.#lengths.tickMs,
        seed: seedFor(settings, id, life),
        networkUrl: this.#network.url,
      }),
      route: (life, port) => this.#network.route(id, life, port),
      note: this.#note,
      onEvents: this.#hear(id),
      onProblem: this.#problem,
      onGone: (gone) => void this.#keepAlive.gone(gone),
      observeDisk: (life, everReady) => observeDisk({ server: id, folder, life, everReady, note: this.#note }),
    });
  }
}
