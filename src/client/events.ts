/** A client's events (ClientEvent in core/trace), stamped with the run's time and the client's own count. */
import type { Command, CommandResult, EventBody, ServerId } from '../core/wire/index.ts';

export type ClientEventBody =
  | { readonly event: 'SessionOpened'; readonly client: string; readonly session: number }
  | {
      readonly event: 'CommandInvoked';
      readonly operation: string;
      readonly client: string;
      readonly session: number | null;
      readonly sequence: number | null;
      readonly command: Command;
    }
  | { readonly event: 'CommandSent'; readonly operation: string; readonly to: ServerId; readonly attempt: number }
  | {
      readonly event: 'CommandRedirected';
      readonly operation: string;
      readonly from: ServerId;
      readonly to: ServerId | null;
    }
  | {
      readonly event: 'CommandDone';
      readonly operation: string;
      readonly index: number;
      readonly term: number;
      readonly server: ServerId;
      readonly result: CommandResult;
      readonly latencyUs: number;
    }
  | {
      readonly event: 'CommandUnknown';
      readonly operation: string;
      readonly reason: 'timed-out' | 'closed';
      readonly attempts: number;
    }
  | {
      readonly event: 'CommandRefused';
      readonly operation: string;
      readonly reason: 'unknown-session' | 'superseded' | 'bad-request';
    };

/** Microseconds since the run began, on the machine's one monotonic clock. @param originNs  as in the specs */
export function createClock(originNs: string): () => number {
  const origin = BigInt(originNs);
  return () => Math.max(0, Number((process.hrtime.bigint() - origin) / 1000n));
}

/** @returns a function that stamps an event and passes it on */
export function createEmitter(options: {
  readonly life: number;
  readonly nowUs: () => number;
  readonly onEvent: (body: EventBody) => void;
}): (event: ClientEventBody) => void {
  let nseq = 0;
  return (event) => {
    nseq += 1;
    options.onEvent({ timeUs: options.nowUs(), nseq, life: options.life, ...event });
  };
}
