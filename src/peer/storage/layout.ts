/** Names of the files in a server's folder, and the owner that each file records. FORMAT.md describes them. */
import { randomBytes } from 'node:crypto';
import type { LogIndex, ServerId } from '../../core/vocabulary/index.ts';

/** Version recorded in every file; a file of another version is refused. */
export const FORMAT_VERSION = 1;
/** File with the term, the vote, and a mark from which an older copy of the tail can be detected. */
export const STATE_FILE = 'state.json';
/** Folder of the segments and the tail. */
export const LOG_FOLDER = 'log';

/** Owner recorded in every file, so that a file of another run or server is refused. */
export interface Owner {
  readonly runId: string;
  readonly server: ServerId;
}

/** `log/257.json`: sealed entries from 257 on. */
export function segmentPath(first: LogIndex): string {
  return `${LOG_FOLDER}/${first}.json`;
}

/** `log/tail-257.jsonl`: the unsealed entries, from 257 on. */
export function tailPath(first: LogIndex): string {
  return `${LOG_FOLDER}/tail-${first}.jsonl`;
}

/** Returns a unique temporary name; a rename to `path` then makes the content appear whole. */
export function temporaryPath(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`;
}

/** First indexes of the files in `log/`. */
export interface LogNames {
  /** First indexes, ascending. */
  readonly segments: readonly LogIndex[];
  readonly tails: readonly LogIndex[];
}

/** Returns the first indexes among the names in `log/`; other names are ignored. */
export function logNames(names: readonly string[]): LogNames {
  const indexes = (pattern: RegExp): readonly LogIndex[] =>
    names
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  return { segments: indexes(/^([1-9][0-9]{0,15})\.json$/), tails: indexes(/^tail-([1-9][0-9]{0,15})\.jsonl$/) };
}

/** True for temporary files of an interrupted replacement. They are never read, and removed at the next start. */
export function isTemporary(name: string): boolean {
  return /^(?:state\.json|[0-9]+\.json|tail-[0-9]+\.jsonl)\.[0-9a-f]{12}\.tmp$/.test(name);
}
