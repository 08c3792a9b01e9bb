/**
 * A cluster that runs: its control listener, its network, its servers, its clients and its faults, started together
 * and stopped in order. Decides nothing about files of the recording (lab.ts hands it a recorder) and nothing about
 * doors. Flow: dispatcher → here → server processes, network process, client pool; all of them → recorder.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { DiskView, ProcessView, StartAnswer } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { type LabEvent, PACES, type PaceName } from '../core/trace/index.ts';
import type {
  Command,
  ControlUp,
  LinkId,
  LinkPolicy,
  ServerId,
  ServerStateView,
  StoreView,
} from '../core/wire/index.ts';
import { makeFolder } from '../program/make-folder.ts';
import { type ClientPool, createClientPool } from './client-pool.ts';
import { type ControlServer, openControlServer } from './control/control-server.ts';
import { FaultControl } from './fault-control.ts';
import { assertLinks } from './faults.ts';
import { KeepAlive } from './keep-alive.ts';
import { type StandstillWatch, watchLab } from './lab-watch.ts';
import { launch, launchTogether } from './launch.ts';
import type { LiveRunOptions, OnReported } from './live-run-options.ts';
import { Nemesis } from './nemesis.ts';
import { handsOf } from './nemesis-hands.ts';
import { NetworkProcess } from './network-process.ts';
import { observeDisk } from './observe-disk.ts';
import { type Children, superviseChildren } from './processes/children.ts';
import { diskOf, type PageAsked, processOf, stateOf, storesOf } from './questions.ts';
import { peerSettings, seedFor } from './run-settings.ts';
import { ServerProcess } from './server-process.ts';
import { orderStart } from './start-command.ts';
import { deferred } from './waiting.ts';

const STOP_WITHIN_MS = 1_500;

/** A running cluster; `stop` at the end. `prepare`, then `begin`. */
export class LiveRun {
  readonly #options: LiveRunOptions;
  readonly #children: Children;
  readonly #control: ControlServer;
  readonly #network: NetworkProcess;
  readonly #clients: ClientPool;
  readonly #faults: FaultControl;
  readonly #keepAlive: KeepAlive;
  readonly #nemesis: Nemesis;
  readonly #servers: ReadonlyMap<ServerId, ServerProcess>;
  readonly #together = deferred<void>();
  /** Notices when the lab itself is kept from its work, and when the computer sleeps. */
  readonly watch: StandstillWatch;
  readonly #hearers = new Set<OnReported>();
  #pace: PaceName;
  #isStopping = false;

  private constructor(options: LiveRunOptions, children: Children, control: ControlServer) {
    this.#options = options;
    this.#children = children;
    this.#control = control;
    this.#pace = options.pace;
    this.watch = watchLab(options.pace, options.settings, options.recorder.nowUs, this.#note);
    this.#network = this.#makeNetwork();
    this.#faults = new FaultControl({
      servers: options.settings.servers,
      earlierFaults: options.earlier.faults,
      setPolicies: (orders) => this.#network.setPolicies(orders),
      note: this.#note,
    });
    this.#keepAlive = new KeepAlive({
      note: this.#note,
      nowMs: () => performance.now(),
      restart: (id) => this.#startAgain(id),
    });
    this.#nemesis = new Nemesis(
      handsOf(this, {
        settings: options.settings,
        recorder: options.recorder,
        isRunning: (id) => this.#server(id).isRunning,
      }),
    );
    this.#servers = new Map(options.settings.servers.map((id) => [id, this.#makeServer(id)]));
    this.#clients = createClientPool({
      ...{ runId: options.recorder.runId, secret: options.secret, originNs: options.originNs },
      servers: options.settings.servers,
      networkUrl: () => this.#network.url,
      earlierLives: options.earlier.lives,
      timing: () => ({ ...PACES[this.#pace], ...options.settings }),
      onEvent: (client, body) => options.recorder.record(client, body),
    });
  }

  /** Opens the control listener and the guards; nothing of Raft runs yet. */
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
   * Starts the network and spawns every server; does not wait until they are ready.
   *
   * @throws LabProblem of spawnProblem, or an error with a sentence; call `stop` then
   */
  async begin(): Promise<void> {
    this.watch.start();
    await this.#network.start();
    await launchTogether([...this.#servers.values()], this.#together);
  }

  /** Resolves once every server has been told to start ticking. */
  get began(): Promise<void> {
    return this.#together.promise;
  }

  /** Hears what the programs report as it arrives, unsorted. Returns how to stop. */
  hear(hearer: OnReported): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  /** What can be seen and waited for of one server. @throws LabProblem unknown-server */
  lifeOf(id: ServerId): Pick<ServerProcess, 'isRunning' | 'isFrozen' | 'settled' | 'over' | 'phase' | 'dieInWrite'> {
    return this.#server(id);
  }

  /** Requests delivered to each server in its present life; null: the network does not answer. */
  async rpcCounts(): Promise<Readonly<Record<ServerId, number>> | null> {
    return await this.#network.counts();
  }

  /** The pace now. */
  get pace(): PaceName {
    return this.#pace;
  }

  /** @throws LabProblem unknown-server, already-down */
  kill(ids: readonly ServerId[], signal: 'SIGKILL' | 'SIGTERM'): readonly { server: ServerId; pid: number }[] {
    const servers = ids.map((id) => this.#server(id));
    const down = servers.find((server) => server.facts().pid === null);
    if (down !== undefined) throw new LabProblem('already-down', { server: down.id });
    const signalled = servers.map((server) => ({ server: server.id, pid: server.signal(signal) }));
    return signalled.flatMap(({ server, pid }) => (pid === null ? [] : [{ server, pid }]));
  }

  /** Starts servers that are down (or are just ending) from their own files. @throws LabProblem unknown-server, already-up, or one of spawnProblem */
  async restart(ids: readonly ServerId[]): Promise<readonly { server: ServerId; pid: number }[]> {
    const servers = ids.map((id) => this.#server(id));
    const up = servers.find(({ phase }) => phase !== 'down' && phase !== 'stopping');
    if (up !== undefined) throw new LabProblem('already-up', { server: up.id });
    return await Promise.all(servers.map((server) => launch(server, Promise.resolve())));
  }

  /** Stops servers where they stand. @throws LabProblem unknown-server, not-up, already-frozen, cannot-freeze */
  async freeze(ids: readonly ServerId[]): Promise<readonly { server: ServerId; pid: number }[]> {
    const servers = ids.map((id) => this.#server(id));
    return await Promise.all(servers.map(async (server) => ({ server: server.id, pid: await server.freeze() })));
  }

  /** Lets frozen servers go on. @throws LabProblem unknown-server, not-frozen */
  async resume(ids: readonly ServerId[]): Promise<readonly { server: ServerId; pid: number }[]> {
    const servers = ids.map((id) => this.#server(id));
    return servers.map((server) => ({ server: server.id, pid: server.resume() }));
  }

  /** @throws LabProblem unknown-server, nothing-to-cut */
  async cut(ids: readonly ServerId[]): Promise<string> {
    return await this.#faults.cut({ kind: 'cut', servers: ids.map((id) => this.#server(id).id) });
  }

  /** @throws LabProblem unknown-server, nothing-to-cut */
  async partition(groups: readonly (readonly ServerId[])[]): Promise<string> {
    const known = groups.map((group) => group.map((id) => this.#server(id).id));
    return await this.#faults.cut({ kind: 'partition', groups: known });
  }

  /** Each group apart from all others, in place of an earlier partition and in one change; null: whole again. */
  async partitionInPlaceOf(earlier: string | null, groups: readonly (readonly ServerId[])[] | null) {
    return await this.#faults.cutInPlaceOf(earlier, groups === null ? null : { kind: 'partition', groups });
  }

  /** @throws LabProblem unknown-server */
  async cutClients(ids: readonly ServerId[]): Promise<string> {
    return await this.#faults.cut({ kind: 'clients', servers: ids.map((id) => this.#server(id).id) });
  }

  /** @throws LabProblem unknown-link */
  async setLinks(links: readonly LinkId[], policy: LinkPolicy): Promise<string | null> {
    return await this.#faults.setLinks(links, policy);
  }

  /** Every link between servers becomes the course tests' unreliable network. */
  async makeUnreliable(longReordering: boolean): Promise<string> {
    return await this.#faults.makeUnreliable(longReordering);
  }

  /**
   * One fault, or with null all of them; then frozen servers go on as well, unless they are kept frozen.
   *
   * @throws LabProblem unknown-fault
   */
  async heal(fault: string | null, keepFrozen = false) {
    const isEverything = fault === null && !keepFrozen;
    // Everything is to be whole: the nemesis is called off too. The answer does not wait for the recovery.
    if (isEverything) void this.#nemesis.stop();
    const frozen = isEverything ? [...this.#servers.values()].filter(({ isFrozen }) => isFrozen) : [];
    for (const server of frozen) server.resume();
    return { healed: await this.#faults.heal(fault), resumed: frozen.map(({ id }) => id) };
  }

  /** @throws LabProblem unknown-link */
  async resetLinks(links: readonly LinkId[]): Promise<void> {
    assertLinks(this.#options.settings.servers, links);
    this.#note({ event: 'ResetOrdered', links });
    await this.#network.reset(links);
  }

  /** Whether servers that are gone are started again. */
  setKeepAlive(on: boolean): void {
    this.#keepAlive.set(on);
  }

  /**
   * Random faults from a seed until `stopNemesis`; a nemesis that is on goes on with these.
   *
   * @returns the seed, drawn when none is given
   */
  async startNemesis(perMinute: number, seed: number | null): Promise<number> {
    const chosen = seed ?? randomInt(2 ** 32);
    await this.#nemesis.start({ seed: chosen, perMinute });
    return chosen;
  }

  /** Undoes what the nemesis did. @returns when the cluster has recovered, or was waited for long enough */
  async stopNemesis(): Promise<void> {
    await this.#nemesis.stop();
  }

  /** Slows or quickens every server and every link; counts of ticks stay. */
  async setPace(pace: PaceName): Promise<void> {
    this.#pace = pace;
    this.#note({ event: 'PaceChanged', pace, ...PACES[pace] });
    const { tickMs } = PACES[pace];
    this.watch.setTickMs(tickMs);
    const told = [...this.#servers.values()].map((server) => server.ask({ type: 'pace', tickMs }));
    await Promise.all([this.#network.setPace(PACES[pace]), ...told]);
  }

  /** Those that commands go through: they find the leader, retry, exactly once. */
  get clients(): Pick<ClientPool, 'submit' | 'settle'> {
    return this.#clients;
  }

  /** Start(command) on one server. @throws LabProblem unknown-server */
  async startCommand(id: ServerId, command: Command): Promise<StartAnswer> {
    return await orderStart(this.#server(id), command, this.#note);
  }

  /** @throws LabProblem unknown-server */
  async state(id: ServerId): Promise<ServerStateView | { readonly noAnswer: true }> {
    return await stateOf(this.#server(id));
  }

  async stores(page: PageAsked): Promise<Readonly<Record<ServerId, StoreView | null>>> {
    return await storesOf([...this.#servers.values()], page);
  }

  /** @throws LabProblem unknown-server */
  async disk(id: ServerId): Promise<DiskView> {
    const isLive = this.#server(id).facts().pid !== null;
    const folder = this.#options.serverFolder(id);
    return await diskOf({ server: id, folder, isLive, durability: this.#options.settings.durability });
  }

  /** @throws LabProblem unknown-server */
  process(id: ServerId): ProcessView {
    return processOf(this.#server(id));
  }

  /** Stops everything in order and waits until it is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.watch.stop();
    this.#nemesis.close();
    this.#keepAlive.set(false);
    await this.#clients.close();
    await Promise.all([...this.#servers.values()].map((server) => server.stop(STOP_WITHIN_MS)));
    await this.#network.stop(STOP_WITHIN_MS);
    await this.#children.close();
    await this.#control.close();
  }

  /** SIGKILLs every child, synchronously. */
  killNow(): void {
    this.#children.killNow();
  }

  /** `ws://127.0.0.1:PORT` of the network, where clients dial. */
  readonly networkUrl = (): string => this.#network.url;

  readonly #note = (event: LabEvent): void => this.#options.recorder.note(event);

  readonly #problem = (message: string): void => this.#note({ event: 'LabFailed', message });

  #server(id: ServerId): ServerProcess {
    const server = this.#servers.get(id);
    if (server === undefined) throw new LabProblem('unknown-server', { server: id });
    return server;
  }

  /** Restarts a server for keep alive. A failed start is reported as a problem of the lab: no request waits for it. */
  async #startAgain(id: ServerId): Promise<void> {
    const server = this.#server(id);
    if (server.phase !== 'down') return;
    try {
      await launch(server, Promise.resolve());
    } catch (cause) {
      if (!this.#isStopping) this.#problem(`keep alive could not start ${id}: ${(cause as Error).message}`);
    }
  }

  #hear(source: string): (report: Extract<ControlUp, { readonly type: 'events' }>) => void {
    const { recorder } = this.#options;
    // Events omitted on purpose (`coalesced`) leave a gap in the numbers like lost ones, and are reported with the gap.
    return ({ events }) => {
      for (const event of events) {
        recorder.record(source, event);
        for (const hearer of this.#hearers) hearer(source, event);
      }
    };
  }

  /** The part of a program's orders that is the same for every program of the run. */
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
        ...PACES[this.#pace],
        electionTicks: settings.electionTicks,
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
        tickMs: PACES[this.#pace].tickMs,
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
