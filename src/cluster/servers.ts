/**
 * The servers of a run: actions on some of them, and questions to one. The answer about a server that is down or frozen
 * shows its state and is not an error. Flow: dispatcher, scenarios, random faults → here → server processes.
 */
import type { DiskView, ProcessView, StartAnswer } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { LabEvent } from '../core/trace/index.ts';
import type { Command, Durability, ServerId, ServerStateView, StoreView } from '../core/wire/index.ts';
import { launch } from './launch.ts';
import { diskOf, type PageAsked, processOf, stateOf, storesOf } from './questions.ts';
import type { ServerProcess } from './server-process.ts';
import { orderStart } from './start-command.ts';

/** The parts of the run that its servers share. */
export interface ServersOptions {
  readonly all: readonly ServerProcess[];
  readonly folderOf: (server: ServerId) => string;
  readonly durability: Durability;
  readonly note: (event: LabEvent) => void;
}

/** A server with the pid of the process that an action reached or started. */
export interface ActedOn {
  readonly server: ServerId;
  readonly pid: number;
}

/** The state of one server, to read and to wait for. */
export type ServerLife = Pick<ServerProcess, 'isRunning' | 'isFrozen' | 'settled' | 'over' | 'phase' | 'dieInWrite'>;

/** All servers of one run. */
export class Servers {
  readonly #options: ServersOptions;
  readonly #byId: ReadonlyMap<ServerId, ServerProcess>;

  constructor(options: ServersOptions) {
    this.#options = options;
    this.#byId = new Map(options.all.map((server) => [server.id, server]));
  }

  /** @throws LabProblem unknown-server */
  lifeOf(id: ServerId): ServerLife {
    return this.#server(id);
  }

  /** @throws LabProblem unknown-server, already-down */
  kill(ids: readonly ServerId[], signal: 'SIGKILL' | 'SIGTERM'): readonly ActedOn[] {
    const servers = ids.map((id) => this.#server(id));
    const down = servers.find((server) => server.facts().pid === null);
    if (down !== undefined) throw new LabProblem('already-down', { server: down.id });
    const signalled = servers.map((server) => ({ server: server.id, pid: server.signal(signal) }));
    return signalled.flatMap(({ server, pid }) => (pid === null ? [] : [{ server, pid }]));
  }

  /**
   * Starts servers that are down or are ending, with their own files.
   *
   * @throws LabProblem unknown-server, already-up, or one of spawnProblem
   */
  async restart(ids: readonly ServerId[]): Promise<readonly ActedOn[]> {
    const servers = ids.map((id) => this.#server(id));
    const up = servers.find(({ phase }) => phase !== 'down' && phase !== 'stopping');
    if (up !== undefined) throw new LabProblem('already-up', { server: up.id });
    return await Promise.all(servers.map((server) => launch(server, Promise.resolve())));
  }

  /** Starts a server unless it is already starting or up. @throws LabProblem unknown-server, or one of spawnProblem */
  async restartIfDown(id: ServerId): Promise<void> {
    const server = this.#server(id);
    if (server.phase === 'down') await launch(server, Promise.resolve());
  }

  /** Freezes processes with SIGSTOP. @throws LabProblem unknown-server, not-up, already-frozen, cannot-freeze */
  async freeze(ids: readonly ServerId[]): Promise<readonly ActedOn[]> {
    const servers = ids.map((id) => this.#server(id));
    return await Promise.all(servers.map(async (server) => ({ server: server.id, pid: await server.freeze() })));
  }

  /** Resumes frozen processes. @throws LabProblem unknown-server, not-frozen */
  async resume(ids: readonly ServerId[]): Promise<readonly ActedOn[]> {
    const servers = ids.map((id) => this.#server(id));
    return servers.map((server) => ({ server: server.id, pid: server.resume() }));
  }

  /** Resumes every frozen server. @returns their ids */
  resumeFrozen(): readonly ServerId[] {
    const frozen = this.#options.all.filter(({ isFrozen }) => isFrozen);
    for (const server of frozen) server.resume();
    return frozen.map(({ id }) => id);
  }

  /** Sends Start(command) to one server. @throws LabProblem unknown-server */
  async start(id: ServerId, command: Command): Promise<StartAnswer> {
    return await orderStart(this.#server(id), command, this.#options.note);
  }

  /** @throws LabProblem unknown-server */
  async state(id: ServerId): Promise<ServerStateView | { readonly noAnswer: true }> {
    return await stateOf(this.#server(id));
  }

  /** Reads a page of every server's store. The page is null for a server that does not answer. */
  async stores(page: PageAsked): Promise<Readonly<Record<ServerId, StoreView | null>>> {
    return await storesOf(this.#options.all, page);
  }

  /** @throws LabProblem unknown-server */
  async disk(id: ServerId): Promise<DiskView> {
    const { folderOf, durability } = this.#options;
    const isLive = this.#server(id).facts().pid !== null;
    return await diskOf({ server: id, folder: folderOf(id), isLive, durability });
  }

  /** @throws LabProblem unknown-server */
  process(id: ServerId): ProcessView {
    return processOf(this.#server(id));
  }

  #server(id: ServerId): ServerProcess {
    const server = this.#byId.get(id);
    if (server === undefined) throw new LabProblem('unknown-server', { server: id });
    return server;
  }
}
