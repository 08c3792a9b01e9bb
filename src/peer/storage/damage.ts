/**
 * The two errors with which storage ends a server: its files are not what it wrote (damage), or the disk fails (failure).
 * Both carry one sentence a person can act on. Thrown by the adapters and the loader, caught once, in exit.ts.
 */

/** The kind of damage: changed bytes, an old copy, another server's file, a missing file, an empty file. */
export type DamageKind = 'damaged' | 'stale' | 'swapped' | 'missing' | 'empty';

/** A damage with its place. */
export interface Damage {
  readonly kind: DamageKind;
  /** Path of the file, as the operating system knows it. */
  readonly file: string;
  /** Byte in that file where the trouble was found; 0 for a file that is missing or empty. */
  readonly offset: number;
  /** The reason as half a sentence. */
  readonly reason: string;
}

/** Half a sentence per kind: what a person can do. None of it is ever done by the server itself. */
const REMEDIES: Readonly<Record<DamageKind, string>> = {
  damaged: 'put an undamaged copy of the file back, or go on without this server',
  stale: 'put the newest copy of the file back, or go on without this server',
  swapped: "put this server's own file back, or go on without this server",
  missing: 'put the file back, or go on without this server',
  empty: 'put the file back as it was, or go on without this server',
};

/**
 * A state file is not what this server wrote. The server stops and changes nothing: a vote or an entry that is
 * guessed can elect two leaders or lose an acknowledged command.
 */
export class StorageDamaged extends Error {
  readonly kind: DamageKind;
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
  readonly remedy: string;

  constructor({ kind, file, offset, reason }: Damage) {
    const remedy = REMEDIES[kind];
    super(`${file} is ${kind} at byte ${offset} (${reason}); ${remedy}; no file was changed.`);
    this.name = 'StorageDamaged';
    this.kind = kind;
    this.file = file;
    this.offset = offset;
    this.reason = reason;
    this.remedy = remedy;
  }
}

const OPEN_FILES = 'close other programs or raise the limit of open files, and start the server again';
const HELD =
  'close the program that holds the file (a virus scanner, an indexer, a cloud folder) or keep it out of the data folder, ' +
  'look whether you may write there, and start the server again';
const DISK = 'free or repair the disk and start the server again';

/** Advice for a person about a failed system call, by its error code. */
const REFUSALS: Readonly<Record<string, string>> = {
  EMFILE: OPEN_FILES,
  ENFILE: OPEN_FILES,
  ENOSPC: DISK,
  EDQUOT: DISK,
  EIO: DISK,
  EROFS: DISK,
};

/** These also come from calls that have nothing to do with files. */
const HELD_FILES: Readonly<Record<string, string>> = { EPERM: HELD, EACCES: HELD, EBUSY: HELD };

/** True when the machine refused a call for want of open files or of a disk that can be written. */
export function isRefusal(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && String(error.code) in REFUSALS;
}

/** Half a sentence: what a person can do about this error code. */
export function remedyFor(code: string): string {
  return REFUSALS[code] ?? HELD_FILES[code] ?? DISK;
}

/** A call on the server's own files failed: disk full, I/O error, no more open files. What was being written was not acknowledged. */
export class StorageFailed extends Error {
  readonly file: string;
  readonly code: string;

  constructor({ file, doing, cause }: { readonly file: string; readonly doing: string; readonly cause: unknown }) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    super(`${doing} ${file} failed (${code}); ${remedyFor(code)}.`, { cause });
    this.name = 'StorageFailed';
    this.file = file;
    this.code = code;
  }
}
