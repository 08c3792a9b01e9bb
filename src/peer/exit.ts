/**
 * The ways out of the program, each with its own code, so that the lab can say why a server is gone. The last line on
 * stderr is the sentence a person reads.
 */
import { EXIT } from '../core/wire/index.ts';
import { StorageDamaged, StorageFailed } from './storage/index.ts';

/**
 * Something went wrong that the server cannot go on with.
 *
 * @param server  named first in the sentence
 */
export function exitBecause(error: unknown, server: string): never {
  if (error instanceof StorageDamaged) leave(`${server} does not start: ${error.message}`, EXIT.storageDamaged);
  if (error instanceof StorageFailed) leave(`${server} stops: ${error.message}`, EXIT.storageFailed);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  leave(`${text}\n${server} crashed: ${error instanceof Error ? error.message : text}`, EXIT.crashed);
}

function leave(text: string, code: number): never {
  console.error(text);
  process.exit(code);
}
