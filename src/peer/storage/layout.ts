/** Names of the files in a server's folder, and what is written into each of them about whose it is. FORMAT.md describes them. */
import { randomBytes } from 'node:crypto';
import type { LogIndex, ServerId } from '../../core/vocabulary/index.ts';

/** Written into every file; another number is not read. */
export const FORMAT_VERSION = 1;
/** Term, vote and the witness of the tail. */
export const STATE_FILE = 'state.json';
/** Holds segments and the tail. */
export const LOG_FOLDER = 'log';

/** Every file says whose it is, so that a file of another run or server is never taken for one's own. */
export interface Owner {
  readonly runId: string;
  readonly server: ServerId;
}

/** `log/257.json`: sealed entries from 257 on. */
export function segmentPath(first: LogIndex): string {
  return `${LOG_FOLDER}/${first}.json`;
}

/** `log/tail-257.jsonl`: the open end of the log, from 257 on. */
export function tailPath(first: LogIndex): string {
  return `${LOG_FOLDER}/tail-${first}.jsonl`;
}

/** A name no other file has: the content gets its real name by a rename, whole or not at all. */
export function temporaryPath(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`;
}

/** First indexes of the files in `log/`. */
export interface LogNames {
  /** First indexes, ascending. */
  readonly segments: readonly LogIndex[];
  readonly tails: readonly LogIndex[];
}

/** Sorts the names in `log/`; names that are not ours are left alone. */
export function logNames(names: readonly string[]): LogNames {
  const indexes = (pattern: RegExp): readonly LogIndex[] =>
    names
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  return { segments: indexes(/^([1-9][0-9]{0,15})\.json$/), tails: indexes(/^tail-([1-9][0-9]{0,15})\.jsonl$/) };
}

/** Temporary files that a kill during a replacement leaves behind: never read, removed at the next start. */
export function isTemporary(name: string): boolean {
  return /^(?:state\.json|[0-9]+\.json|tail-[0-9]+\.jsonl)\.[0-9a-f]{12}\.tmp$/.test(name);
}
