/** The events that a server reports: those of its Raft core and its own. */

import type { ServerProgramEvent } from '../core/catalogue/index.ts';
import type { RaftEvent } from '../core/raft/events.ts';
import type { Reporter } from '../program/reporter.ts';

/** The reporter of a server. */
export type ServerReporter = Reporter<RaftEvent | ServerProgramEvent>;
