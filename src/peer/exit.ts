/**
 * The exits of a server, each with its own code, so that the lab can report why the server ended. The last line on
 * stderr is the sentence a person reads. Flow: error → serverWayOut → program/start-program.ts.
 */
import { EXIT } from '../core/wire/index.ts';
import { type WayOut, wayOut } from '../program/way-out.ts';
import { StorageDamaged, StorageFailed } from './storage/index.ts';

/** Chooses the exit code and the sentence for an error. @param server  named first in the sentence */
export function serverWayOut(error: unknown, server: string): WayOut {
  if (error instanceof StorageDamaged) {
    return { text: `${server} does not start: ${error.message}`, code: EXIT.storageDamaged };
  }
  if (error instanceof StorageFailed) return { text: `${server} stops: ${error.message}`, code: EXIT.storageFailed };
  return wayOut(error, server, 'the server');
}
