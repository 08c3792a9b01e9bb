/** Actions on servers: their processes end, start, stand still and go on. */
import * as v from 'valibot';
import type { ServerId } from '../vocabulary/index.ts';
import { serverList, servers } from './fields.ts';
import { action, answer } from './row.ts';
import { oneOf, optional, SERVERS } from './step-fields.ts';

/** The process that a signal went to, or that was started. */
export interface Signalled {
  readonly server: ServerId;
  readonly pid: number;
}

const SIGNALS = ['SIGKILL', 'SIGTERM'] as const;
const onServers = { main: 'servers', fields: { servers: SERVERS } } as const;

export const SERVER_ACTIONS = {
  /** Ends processes; SIGKILL by default. The step waits until they are gone. */
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
  /** SIGSTOP: the process keeps its memory and sockets and does nothing. Refused until the reaper guards the process. */
  freeze: action({ ask: servers, answer: answer<readonly Signalled[]>(), uses: true, step: onServers }),
  /** SIGCONT to frozen servers. */
  resume: action({ ask: servers, answer: answer<readonly Signalled[]>(), uses: true, step: onServers }),
};
