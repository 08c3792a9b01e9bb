/**
 * The exits of the program, each with its own code, so that the lab can report why a server is gone. The last line on
 * stderr is the sentence a person reads. Flow: error → wayOut → stderr and the exit code.
 */
import { EXIT } from '../core/wire/index.ts';
import { isRefusal, remedyFor, StorageDamaged, StorageFailed } from './storage/index.ts';

/** The output and exit code of an exit. */
export interface WayOut {
  /** For stderr; its last line is the sentence. */
  readonly text: string;
  /** One of EXIT (docs/wire-protocol.md). */
  readonly code: number;
}

/**
 * Ends the program: the server cannot go on with this error.
 *
 * @param server  named first in the sentence
 */
export function exitBecause(error: unknown, server: string): never {
  const { text, code } = wayOut(error, server);
  console.error(text);
  process.exit(code);
}

/**
 * The exit code and the sentence for an error. A system call that the machine refuses for want of files or disk counts as
 * a storage failure wherever it was made: the next write would have met the same refusal.
 */
export function wayOut(error: unknown, server: string): WayOut {
  if (error instanceof StorageDamaged) {
    return { text: `${server} does not start: ${error.message}`, code: EXIT.storageDamaged };
  }
  if (error instanceof StorageFailed) return { text: `${server} stops: ${error.message}`, code: EXIT.storageFailed };
  if (isRefusal(error)) {
    return { text: `${server} stops: ${error.message}; ${remedyFor(error.code)}.`, code: EXIT.storageFailed };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const sentence = `${server} crashed: ${error instanceof Error ? error.message : text}`;
  return { text: `${text}\n${sentence}`, code: EXIT.crashed };
}
