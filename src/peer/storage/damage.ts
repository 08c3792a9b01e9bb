/**
 * The two errors with which storage ends a server: a file differs from what the server wrote (damage), or the disk
 * fails (failure). Both carry one sentence a person can act on. The adapters and the loader throw them; exit.ts handles
 * them.
 */

import { remedyFor } from '../../program/refusals.ts';

/** The kind of damage: changed bytes, an old copy, another server's file, a missing file, an empty file. */
export type DamageKind = 'damaged' | 'stale' | 'swapped' | 'missing' | 'empty';

/** One damage and its place. */
export interface Damage {
  readonly kind: DamageKind;
  /** Path of the file as the operating system knows it. */
  readonly file: string;
  /** Offset of the damage in that file, bytes; 0 for a file that is missing or empty. */
  readonly offset: number;
  /** The reason as half a sentence. */
  readonly reason: string;
}

/** Half a sentence per kind about what a person can do. The server never does any of it by itself. */
const REMEDIES: Readonly<Record<DamageKind, string>> = {
  damaged: 'put an undamaged copy of the file back, or go on without this server',
  stale: 'put the newest copy of the file back, or go on without this server',
  swapped: "put this server's own file back, or go on without this server",
  missing: 'put the file back, or go on without this server',
  empty: 'put the file back as it was, or go on without this server',
};

/**
 * A file differs from what this server wrote. The server stops and changes nothing, because a guessed vote or entry can
 * elect two leaders or lose an acknowledged command.
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

/**
 * A call on the server's own files failed: disk full, I/O error, no more open files. The data being written was not
 * acknowledged.
 */
export class StorageFailed extends Error {
  readonly file: string;
  readonly code: string;

  constructor({ file, doing, cause }: { readonly file: string; readonly doing: string; readonly cause: unknown }) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    super(`${doing} ${file} failed (${code}); ${remedyFor(code, 'the server')}.`, { cause });
    this.name = 'StorageFailed';
    this.file = file;
    this.code = code;
  }
}
