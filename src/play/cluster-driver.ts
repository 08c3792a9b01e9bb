/**
 * The actions and observations of a scenario on a cluster. The interpreter uses only this interface, so tests can pass
 * in a fake cluster.
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
  /** Server ids in order. Server n of an expression is the n-th of them. */
  readonly servers: readonly ServerId[];
  readonly start: (server: ServerId, value: number) => Promise<Omit<Started, 'server'>>;
  readonly state: (server: ServerId) => Promise<ReportedState | null>;
  /** Whether the server has a process, even one that still boots. */
  readonly isAlive: (server: ServerId) => boolean;
  /** Whether the server's process is up. It may lead, even though it may be frozen now. */
  readonly isUp: (server: ServerId) => boolean;
  /**
   * Carries out an action of the table and waits for its effect: a killed process is gone, a restarted server is ready,
   * a submitted command is done, and after random faults the cluster has recovered.
   *
   * @throws LabProblem, and ScenarioFailure for a command that was not done or a server that did not start
   */
  readonly act: <Name extends ActionName>(name: Name, ask: Ask<Name>) => Promise<Answer<Name>>;
  /**
   * Starts new processes on the servers' own files as soon as the last ones are gone. Does not wait until they have
   * booted.
   */
  readonly spawn: (servers: readonly ServerId[]) => Promise<void>;
  /** Returns the number of torn tails that servers found when they started. */
  readonly torn: () => number;
  /** Compares the files of all servers with each other, with the clients' answers and with the stores. @throws ScenarioFailure */
  readonly checkFiles: () => Promise<void>;
  /**
   * Lets `count` clients write and read until `isOn` returns false. Then they retry their commands of unknown outcome
   * once.
   */
  readonly clients: (count: number, isOn: () => boolean, chance: () => number) => Promise<void>;
  /** Returns the number of servers that applied an index, and the values there. */
  readonly applied: (index: number) => { readonly count: number; readonly values: readonly number[] };
  /** Returns the proof that servers applied different entries at one index; null without one. */
  readonly conflict: () => BothLanguages | null;
  /** Returns the number of requests delivered to all servers, each counted since its present life began. */
  readonly rpcs: () => Promise<number>;
  /** Returns the number of the newest leader that a server reported; 0 before the first. */
  readonly leader: () => number;
  readonly nowMs: () => number;
  /** @throws the signal's reason when the scenario was called off */
  readonly assertGoesOn: () => void;
  /** Waits in real time. @throws the signal's reason when the scenario is called off */
  readonly sleep: (ms: number) => Promise<void>;
}
