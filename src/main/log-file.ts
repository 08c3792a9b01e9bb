/**
 * The window's log of main's messages, since an app started from an icon has no terminal. Size and number of its files are
 * bounded. Each entry is written synchronously, because the last entries before a crash matter most. Flow: console and Electron's
 * events → `write` → `logs/raft-lab.log`; a full file becomes `raft-lab.1.log` and so on.
 */
import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { makeFolderSync } from '../lab/index.ts';

/** Maximum number of bytes of a file before the next file begins. */
export const LOG_FILE_BYTES = 1024 ** 2;
/** Number of files, including the current one. */
export const LOG_FILES = 4;
/** Maximum number of characters of an entry; a longer one is cut. */
export const ENTRY_LENGTH = 8_000;
/** Maximum number of entries in one second; further ones are only counted, so that a failing loop cannot fill the files. */
export const ENTRIES_A_SECOND = 50;

export type LogLevel = 'info' | 'warn' | 'error';

/** The open log. */
export interface Log {
  readonly folder: string;
  /** Adds an entry. Never throws: a disk that refuses must not end the app. */
  write(level: LogLevel, text: string): void;
  /** The newest lines, oldest first, from the current file and the one before it. */
  lastLines(count: number): readonly string[];
}

/**
 * @param options.folder  folder of the files; created with mode 0700 when missing
 * @param options.home    the person's home folder, written as `~`
 * @param options.now     returns the current time, for an entry
 */
export function openLog(options: { readonly folder: string; readonly home: string; readonly now: () => Date }): Log {
  const { folder, home, now } = options;
  const current = join(folder, fileName(0));
  let second = '';
  let written = 0;
  let leftOut = 0;
  const append = (time: string, level: LogLevel, text: string): void => {
    const lines = withoutSecrets(text, home).replaceAll(/\r?\n/g, '\n    ');
    const cut = lines.length > ENTRY_LENGTH ? `${lines.slice(0, ENTRY_LENGTH)}…` : lines;
    try {
      rotate(folder, current);
      appendFileSync(current, `${time} ${level} ${cut}\n`, { mode: 0o600 });
    } catch {
      // A report of this error would come back to this log.
    }
  };
  return {
    folder,
    write(level, text) {
      const time = now().toISOString();
      if (time.slice(0, 19) !== second) {
        if (leftOut > 0) append(time, 'warn', `${leftOut} more entries within one second were left out.`);
        second = time.slice(0, 19);
        written = 0;
        leftOut = 0;
      }
      if (written >= ENTRIES_A_SECOND) {
        leftOut += 1;
        return;
      }
      written += 1;
      append(time, level, text);
    },
    lastLines: (count) => [1, 0].flatMap((place) => linesOf(join(folder, fileName(place)))).slice(-count),
  };
}

/** Name of a file: `raft-lab.log` for the current one, `raft-lab.1.log` for the one before it, and so on. */
function fileName(place: number): string {
  return place === 0 ? 'raft-lab.log' : `raft-lab.${place}.log`;
}

/** Renames the full files by one number; the oldest is overwritten. */
function rotate(folder: string, current: string): void {
  makeFolderSync(folder);
  const bytes = statSync(current, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes < LOG_FILE_BYTES) return;
  for (let place = LOG_FILES - 2; place >= 0; place -= 1) {
    const file = join(folder, fileName(place));
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) renameSync(file, join(folder, fileName(place + 1)));
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** 32 bytes in base64url: the form of every secret and token of the lab. */
const SECRET = /(?<![\w-])[\w-]{43}(?![\w-])/g;

/** The text without tokens and secrets, and with `~` for the home folder. */
export function withoutSecrets(text: string, home: string): string {
  let clean = text.replaceAll(/\btoken=[^\s&#"']+/g, 'token=[left out]').replaceAll(SECRET, '[left out]');
  if (home.length < 2) return clean;
  for (const spelling of spellingsOf(home)) clean = clean.replaceAll(wholeFolder(spelling), '~');
  return clean;
}

/** The spellings of the home folder: plain, escaped as in JSON, with slashes as in addresses, and percent-encoded. */
function spellingsOf(home: string): ReadonlySet<string> {
  const slashed = home.replaceAll('\\', '/');
  const inJson = JSON.stringify(home).slice(1, -1);
  const inAddress = slashed
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^([A-Za-z])%3A/, '$1:');
  return new Set([home, inJson, slashed, inAddress, encodeURI(slashed)]);
}

/** Matches the folder only as a whole name, so that `/home/ada` does not match in `/home/adam`. */
function wholeFolder(path: string): RegExp {
  return new RegExp(`${path.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\p{L}\\p{N}_-])`, 'gu');
}

/** The part of `console` that is used; a test passes its own. */
export interface ConsoleParts {
  warn: (...parts: unknown[]) => void;
  error: (...parts: unknown[]) => void;
}

/** Copies later warnings and errors of the console to the log. */
export function keepConsole(target: ConsoleParts, log: Log): void {
  for (const level of ['warn', 'error'] as const) {
    const print = target[level].bind(target);
    target[level] = (...parts) => {
      print(...parts);
      log.write(level, format(...parts));
    };
  }
}
