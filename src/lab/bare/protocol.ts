/** The orders of a bare cluster's host, and the lines between the host and `raft-lab bench`, one JSON object each. */

import type { ProgramFiles } from '../../cluster/processes/program-files.ts';
import type { Durability, ServerId, ServerStateView } from '../../core/wire/index.ts';

/** Name of the environment variable that holds the orders. */
export const BARE_ORDERS = 'RAFT_LAB_BARE';

/** The orders with which the host is started. */
export interface BareOrders {
  /** Folder of the run; created when it is missing. */
  readonly dataFolder: string;
  /** The programs to start. They may be those of another checkout. */
  readonly programs: ProgramFiles;
  /** 1–9. */
  readonly servers: number;
  readonly durability: Durability;
}

/** The first line of the host, written when the servers have started to tick. */
export interface BareUp {
  readonly type: 'up';
  readonly runId: string;
  readonly secret: string;
  readonly networkUrl: string;
  readonly originNs: string;
  readonly networkPid: number;
  readonly serverPids: Readonly<Record<ServerId, number>>;
  readonly serverFolders: Readonly<Record<ServerId, string>>;
}

/** Counts of events since the run began. */
export interface BareCounts {
  readonly events: number;
  /** Number and bytes of the whole messages that reached the network. */
  readonly messages: number;
  readonly linkBytes: number;
  readonly elections: number;
}

/** A question on stdin. Each gets one line as its answer. */
export type BareQuestion = { readonly id: number; readonly ask: 'states' | 'counts' };

/** An answer on stdout. The value is null for a server that does not answer. */
export type BareAnswer =
  | {
      readonly type: 'states';
      readonly id: number;
      readonly states: Readonly<Record<ServerId, ServerStateView | null>>;
    }
  | { readonly type: 'counts'; readonly id: number; readonly counts: BareCounts };

/** Any line of the host. */
export type BareLine = BareUp | BareAnswer;
