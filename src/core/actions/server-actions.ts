/** Actions on servers: kill, restart, freeze and resume their processes. */
import * as v from 'valibot';
import type { ServerId } from '../vocabulary/index.ts';
import { serverList, servers } from './fields.ts';
import { action, answer } from './row.ts';
import { oneOf, optional, SERVERS } from './step-fields.ts';

/** The process that got a signal, or that was started. */
export interface Signalled {
  readonly server: ServerId;
  readonly pid: number;
}

const SIGNALS = ['SIGKILL', 'SIGTERM'] as const;
const onServers = { main: 'servers', fields: { servers: SERVERS } } as const;

export const SERVER_ACTIONS = {
  /** Sends a signal that ends the processes; SIGKILL by default. The step waits until they have ended. */
  kill: action({
    ask: v.strictObject({ servers: serverList, signal: v.exactOptional(v.picklist(SIGNALS)) }),
    answer: answer<readonly Signalled[]>(),
    uses: true,
    step: { main: 'servers', fields: { servers: SERVERS, signal: optional(oneOf(SIGNALS)) } },
  }),
  /** Starts servers that are down from their own files. The step waits until they are ready. */
  restart: action({ ask: servers, answer: answer<readonly Signalled[]>(), uses: true, step: onServers }),
  /** Cuts the next write of each log in half and then kills the server with SIGKILL. */
  killInWrite: action({ ask: servers, answer: answer<Record<never, never>>(), uses: true, step: onServers }),
  /** Sends SIGSTOP: the process keeps its memory and sockets, but does not run. Refused until the reaper guards the process. */
  freeze: action({ ask: servers, answer: answer<readonly Signalled[]>(), uses: true, step: onServers }),
  /** Sends SIGCONT to frozen servers. */
  resume: action({ ask: servers, answer: answer<readonly Signalled[]>(), uses: true, step: onServers }),
};
