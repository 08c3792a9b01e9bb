/**
 * A second reader of a server's files, for tests that prove the format. It follows only the format's description,
 * shares no code with the program that wrote the files, and assumes only valid JSON and the order of lines.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FileEntry {
  readonly index: number;
  readonly term: number;
  readonly type: string;
  readonly session?: number | null;
  readonly sequence?: number | null;
  readonly command?: unknown;
  readonly chain: string;
}

export interface FilesOfServer {
  readonly term: number;
  readonly votedFor: string | null;
  readonly log: readonly FileEntry[];
}

/**
 * Characters in front of the JSON of a tail's line: the length, the length's checksum and the payload's checksum, each
 * followed by a space.
 */
const PREFIX_LENGTH = 27;

/** @param folder  a server's folder, which contains state.json and log/ */
export function readServerFiles(folder: string): FilesOfServer {
  const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as {
    currentTerm: number;
    votedFor: string | null;
    tail: { file: string };
  };
  const log: FileEntry[] = [];
  for (const name of segmentNames(join(folder, 'log'))) {
    const segment = JSON.parse(readFileSync(join(folder, 'log', name), 'utf8')) as { entries: FileEntry[] };
    log.push(...segment.entries);
  }
  const [header, ...lines] = tailLines(folder);
  const first = (header as { first: number }).first;
  const sealed = log.length;
  for (const line of lines as { truncateFrom?: number; entries: FileEntry[] }[]) {
    if (line.truncateFrom !== undefined) log.length = Math.max(sealed, line.truncateFrom - 1);
    for (const entry of line.entries) if (entry.index > sealed) log.push(entry);
  }
  log.forEach((entry, position) => {
    if (entry.index !== position + 1)
      throw new Error(`${folder}: entry ${entry.index} stands at ${position + 1} (tail from ${first})`);
  });
  return { term: state.currentTerm, votedFor: state.votedFor, log };
}

function segmentNames(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  return names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

/** Returns the complete lines of the newest tail. The text after the last newline was never acknowledged. */
function tailLines(folder: string): readonly unknown[] {
  const names = readdirSync(join(folder, 'log')).filter((name) => /^tail-\d+\.jsonl$/.test(name));
  const firsts = names.map((name) => Number(/\d+/.exec(name)?.[0]));
  const newest = join(folder, 'log', `tail-${Math.max(...firsts)}.jsonl`);
  if (!existsSync(newest)) throw new Error(`${folder}: no tail`);
  const text = readFileSync(newest, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return lines.map((line) => JSON.parse(line.slice(PREFIX_LENGTH)) as unknown);
}

interface StoreCommand {
  readonly op: string;
  readonly key: string;
  readonly value: string;
  readonly expected?: string | null;
}

/** Returns the store after these entries (§6.3): each sequence number of a session is applied once. */
export function replay(log: readonly FileEntry[]): ReadonlyMap<string, string> {
  const store = new Map<string, string>();
  const newest = new Map<number, number>();
  for (const entry of log) {
    if (entry.type === 'session') newest.set(entry.index, 0);
    if (entry.type !== 'command') continue;
    const { session = null, sequence = null } = entry;
    if (session !== null) {
      const before = newest.get(session);
      if (before === undefined || sequence === null || sequence <= before) continue;
      newest.set(session, sequence);
    }
    change(store, entry.command as StoreCommand);
  }
  return store;
}

function change(store: Map<string, string>, command: StoreCommand): void {
  const { op, key, value } = command;
  if (op === 'set') store.set(key, value);
  if (op === 'append') store.set(key, (store.get(key) ?? '') + value);
  if (op === 'delete') store.delete(key);
  if (op === 'cas' && (store.get(key) ?? null) === command.expected) store.set(key, value);
}
