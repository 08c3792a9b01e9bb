/**
 * The actions and observations of a scenario on a cluster. The interpreter knows only this interface; tests pass in a
 * fake cluster.
 */
import type { ActionName, Answer, Ask } from '../core/actions/index.ts';
import type { BothLanguages } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';

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
  /**
   * Carries out an action of the table and waits for its effect: a killed process is gone, a restarted server is ready, a
   * submitted command is done, and the cluster has recovered from random faults that were ended.
   *
   * @throws LabProblem, and ScenarioFailure for a command that was not done or a server that did not start
   */
  readonly act: <Name extends ActionName>(name: Name, ask: Ask<Name>) => Promise<Answer<Name>>;
  /**
   * Starts a new process on the server's own files as soon as the last one is gone. It boots while the scenario goes
   * on.
   */
  readonly spawn: (servers: readonly ServerId[]) => Promise<void>;
  /** Number of torn tails that were found at a start. */
  readonly torn: () => number;
  /** Compares the files of all servers with each other, with the clients' answers and with the stores. @throws ScenarioFailure */
  readonly checkFiles: () => Promise<void>;
  /** Lets `count` clients write and read until `isOn` is false; then they retry once the commands of unknown outcome. */
  readonly clients: (count: number, isOn: () => boolean, chance: () => number) => Promise<void>;
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
