/** The speed of a server, and the requests that bring a server that was started earlier to the present speed. */
import type { Timing } from '../core/vocabulary/index.ts';
import type { ServerRequest, ServerSpec, ServerTiming } from '../core/wire/index.ts';

/** Tick length and timing of a server. */
export type ServerSpeed = ServerTiming & Pick<ServerSpec, 'tickMs'>;

/** Returns the part of a timing that servers use; the network process uses the rest. */
export function serverTiming({ electionTicks, electionMaxTicks, heartbeatTicks }: Timing): ServerTiming {
  const longest = electionMaxTicks === undefined ? {} : { electionMaxTicks };
  return { electionTicks, ...longest, heartbeatTicks };
}

/** Returns the requests that change a server from one speed to another; none when they are equal. */
export function changesSince(before: ServerSpeed, now: ServerSpeed): readonly ServerRequest[] {
  const timing = serverTiming(now);
  const hasTiming = JSON.stringify(serverTiming(before)) === JSON.stringify(timing);
  return [
    ...(before.tickMs === now.tickMs ? [] : [{ type: 'pace', tickMs: now.tickMs } as const]),
    ...(hasTiming ? [] : [{ type: 'timing', ...timing } as const]),
  ];
}
