/** The actions and observations of a scenario on a cluster. The interpreter knows only this; tests pass a fake cluster. */
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
export interface Told {
  readonly term: number;
  readonly isLeader: boolean;
}

export interface Hands {
  /** Server ids in order: server n of an expression is the n-th. */
  readonly servers: readonly ServerId[];
  readonly start: (server: ServerId, value: number) => Promise<Omit<Started, 'server'>>;
  readonly state: (server: ServerId) => Promise<Told | null>;
  /** It has a process, be it one that still boots. */
  readonly isAlive: (server: ServerId) => boolean;
  /** Whether the server has been started and may lead: its process is up, though it may be frozen. */
  readonly isUp: (server: ServerId) => boolean;
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: (servers: readonly ServerId[]) => Promise<void>;
  /** A new process on its own files, as soon as the last one is gone; it boots while the scenario goes on. */
  readonly spawn: (servers: readonly ServerId[]) => Promise<void>;
  /** The same, and resolves when it is ready. */
  readonly restart: (servers: readonly ServerId[]) => Promise<void>;
  /** The next write of each is cut in half and followed by SIGKILL. */
  readonly killInWrite: (servers: readonly ServerId[]) => Promise<void>;
  /** How many torn tails were found at a start. */
  readonly torn: () => number;
  readonly freeze: (servers: readonly ServerId[]) => Promise<void>;
  readonly resume: (servers: readonly ServerId[]) => Promise<void>;
  /** Each group apart from all others, in place of what was before; null: whole. */
  readonly groups: (groups: readonly (readonly ServerId[])[] | null) => Promise<void>;
  readonly links: (links: readonly `${string}>${string}`[], policy: LinkPolicy) => Promise<void>;
  readonly cutClients: (servers: readonly ServerId[]) => Promise<void>;
  readonly network: (is: 'reliable' | 'unreliable' | 'long-reordering') => Promise<void>;
  /** Every fault of links ends; with `everything` frozen servers go on and the nemesis is called off as well. */
  readonly heal: (what: 'everything' | 'links') => Promise<void>;
  /** Compares the files of all servers with each other, with the clients' answers and with the stores. @throws ScenarioFailure */
  readonly checkFiles: () => Promise<void>;
  readonly submit: (command: Command) => Promise<void>;
  /** Lets `count` clients write and read until `isOn` is false; then they retry once the commands of unknown outcome. */
  readonly clients: (count: number, isOn: () => boolean, chance: () => number) => Promise<void>;
  /** 0 calls it off. */
  readonly nemesis: (perMinute: number, seed: number) => Promise<void>;
  /** How many servers applied an index, and the values there. */
  readonly applied: (index: number) => { readonly count: number; readonly values: readonly number[] };
  /** What proves that servers applied different entries at one index; null: nothing does. */
  readonly conflict: () => BothLanguages | null;
  /** Requests delivered to all servers, each since its present life began. */
  readonly rpcs: () => Promise<number>;
  /** The newest leader anybody reported, by number; 0 for none. */
  readonly leader: () => number;
  readonly nowMs: () => number;
  /** @throws the signal's reason when the scenario was called off */
  readonly assertGoesOn: () => void;
  /** @throws the signal's reason when it is called off */
  readonly sleep: (ms: number) => Promise<void>;
}
