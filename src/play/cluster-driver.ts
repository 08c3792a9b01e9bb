/**
 * The actions and observations of a scenario on a cluster. The interpreter knows only this interface; tests pass in a
 * fake cluster.
 */
import type { BothLanguages } from '../core/trace/index.ts';
import type { Command, LinkPolicy, ServerId } from '../core/wire/index.ts';

/** The result of Start on one server. */
export interface Started {
  readonly server: number;
  readonly accepted: boolean;
  readonly index: number;
  readonly term: number;
}

/** The state that a server reports; null when it does not answer. */
export interface ReportedState {
  readonly term: number;
  readonly isLeader: boolean;
}

export interface ClusterDriver {
  /** Server ids in order: server n of an expression is the n-th. */
  readonly servers: readonly ServerId[];
  readonly start: (server: ServerId, value: number) => Promise<Omit<Started, 'server'>>;
  readonly state: (server: ServerId) => Promise<ReportedState | null>;
  /** Whether the server has a process, also one that still boots. */
  readonly isAlive: (server: ServerId) => boolean;
  /** Whether the server has been started and may lead: its process is up, though it may be frozen. */
  readonly isUp: (server: ServerId) => boolean;
  /** Kills servers with SIGKILL; resolves when the processes are gone. */
  readonly kill: (servers: readonly ServerId[]) => Promise<void>;
  /**
   * Starts a new process on the server's own files as soon as the last one is gone. It boots while the scenario goes
   * on.
   */
  readonly spawn: (servers: readonly ServerId[]) => Promise<void>;
  /** Starts servers and resolves when they are ready. */
  readonly restart: (servers: readonly ServerId[]) => Promise<void>;
  /** Cuts the next write of each in half and follows it by SIGKILL. */
  readonly killInWrite: (servers: readonly ServerId[]) => Promise<void>;
  /** Number of torn tails that were found at a start. */
  readonly torn: () => number;
  readonly freeze: (servers: readonly ServerId[]) => Promise<void>;
  readonly resume: (servers: readonly ServerId[]) => Promise<void>;
  /** Parts the cluster into groups, in place of an earlier partition; null ends it. */
  readonly groups: (groups: readonly (readonly ServerId[])[] | null) => Promise<void>;
  readonly links: (links: readonly `${string}>${string}`[], policy: LinkPolicy) => Promise<void>;
  readonly cutClients: (servers: readonly ServerId[]) => Promise<void>;
  readonly network: (is: 'reliable' | 'unreliable' | 'long-reordering') => Promise<void>;
  /** Heals every link fault. With `everything` frozen servers go on and random faults are stopped as well. */
  readonly heal: (what: 'everything' | 'links') => Promise<void>;
  /** Compares the files of all servers with each other, with the clients' answers and with the stores. @throws ScenarioFailure */
  readonly checkFiles: () => Promise<void>;
  readonly submit: (command: Command) => Promise<void>;
  /** Lets `count` clients write and read until `isOn` is false; then they retry once the commands of unknown outcome. */
  readonly clients: (count: number, isOn: () => boolean, chance: () => number) => Promise<void>;
  /** Starts random faults; 0 a minute stops them. */
  readonly nemesis: (perMinute: number, seed: number) => Promise<void>;
  /** The number of servers that applied an index, and the values there. */
  readonly applied: (index: number) => { readonly count: number; readonly values: readonly number[] };
  /** The proof that servers applied different entries at one index; null without one. */
  readonly conflict: () => BothLanguages | null;
  /** Requests delivered to all servers, each since its present life began. */
  readonly rpcs: () => Promise<number>;
  /** The number of the newest leader that a server reported; 0 before the first. */
  readonly leader: () => number;
  readonly nowMs: () => number;
  /** Does nothing while the scenario plays. @throws the signal's reason when it was called off */
  readonly assertGoesOn: () => void;
  /** Waits in real time. @throws the signal's reason when the scenario is called off */
  readonly sleep: (ms: number) => Promise<void>;
}
