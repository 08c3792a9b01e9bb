/** The orders of the bare cluster's host, and the lines between it and `raft-lab bench`, one JSON object each. */

import type { ProgramFiles } from '../../cluster/processes/program-files.ts';
import type { Durability, ServerId, ServerStateView } from '../../core/wire/index.ts';

/** Name of the environment variable that holds the orders. */
export const BARE_ORDERS = 'RAFT_LAB_BARE';

/** The orders that the host is started with. */
export interface BareOrders {
  /** Folder of the run; made when it is missing. */
  readonly dataFolder: string;
  /** The programs to start, perhaps of another checkout. */
  readonly programs: ProgramFiles;
  /** 1–9. */
  readonly servers: number;
  readonly durability: Durability;
}

/** The first line of the host: its servers tick. */
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

/** Events heard since the run began. */
export interface BareCounts {
  readonly events: number;
  /** Whole messages that arrived at the network, and their bytes. */
  readonly messages: number;
  readonly linkBytes: number;
  readonly elections: number;
}

/** Questions on stdin. Each is answered with one line. */
export type BareQuestion = { readonly id: number; readonly ask: 'states' | 'counts' };

/** Answers on stdout. A server that does not answer is null. */
export type BareAnswer =
  | {
      readonly type: 'states';
      readonly id: number;
      readonly states: Readonly<Record<ServerId, ServerStateView | null>>;
    }
  | { readonly type: 'counts'; readonly id: number; readonly counts: BareCounts };

/** Any line of the host. */
export type BareLine = BareUp | BareAnswer;
