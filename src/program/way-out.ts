/**
 * Chooses the exit code and the sentence with which a program ends because of an error. The last line on stderr is the
 * sentence that the lab shows to a person; the lines above it help a developer.
 */
import { EXIT } from '../core/wire/control-protocol.ts';
import { isRefusal, remedyFor } from './refusals.ts';

/** Output and exit code of an ending program. */
export interface WayOut {
  /** For stderr; its last line is the sentence. */
  readonly text: string;
  /** One of EXIT (docs/wire-protocol.md). */
  readonly code: number;
}

/**
 * Chooses the exit for an error. A refusal by the machine counts as a storage failure whichever call met it, because
 * the next write would have failed too.
 *
 * @param name  the program, named first in the sentence: `S1`, `the network`
 * @param again  the thing a person starts again after a refusal: `the server`, `the run`
 */
export function wayOut(error: unknown, name: string, again: string): WayOut {
  if (isRefusal(error)) {
    return { text: `${name} stops: ${error.message}; ${remedyFor(error.code, again)}.`, code: EXIT.storageFailed };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = error instanceof Error ? error.message : text;
  // The sentence must be one line, because the lab reads only the last line.
  return { text: `${text}\n${name} crashed: ${message.replaceAll(/\s*\n\s*/g, ' ')}`, code: EXIT.crashed };
}
