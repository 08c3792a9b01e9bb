/**
 * The lines of events.index: each a JSON object with a checksum, as in events.jsonl.
 *
 *     {"index":2,"runId":"2026-…"}                                   the first
 *     {"block":{"offset":0,"bytes":95120,"size":500,"sum":…,…}}     a stretch of events.jsonl
 *     {"key":{…},"seq":5230,"view":{…}}                             the view up to an event, when `seq` was the newest
 *     {"end":{"bytes":190120,"events":1000}}                        the last: it stands for a whole recording
 */
import type { EventKey } from '../core/trace/order.ts';
import type { ClusterView } from '../core/trace/view.ts';
import type { Block } from './trace-index.ts';
import { crcOf, jsonOf, sealedLine, sealOf } from './trace-line.ts';

/**
 * Format of the index; another one is not read. It rises with each change of these lines and of what the fold makes of a
 * trace, because an index holds folded views (test/recording/index-format.test.ts).
 */
export const INDEX_FORMAT = 2;

/** Counts by source and name as plain objects. */
type StoredCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;
type StoredBlock = Omit<Block, 'events' | 'counts'> & { readonly counts: StoredCounts };

/** The content of an index line. A view itself is read only on request. */
export type IndexLine =
  | { readonly index: number; readonly runId: string }
  | { readonly block: StoredBlock }
  | { readonly key: EventKey; readonly seq: number }
  | { readonly end: { readonly bytes: number; readonly events: number } };

const VIEW = Buffer.from(',"view":');

/** A line for each kind of fact. */
export const indexLines = {
  head: (runId: string): string => sealedLine(JSON.stringify({ index: INDEX_FORMAT, runId })),
  block: ({ events: _, counts, ...block }: Block): string => {
    const stored = Object.fromEntries([...counts].map(([source, names]) => [source, Object.fromEntries(names)]));
    return sealedLine(JSON.stringify({ block: { ...block, counts: stored } }));
  },
  view: (key: EventKey, seq: number, view: ClusterView): string => sealedLine(JSON.stringify({ key, seq, view })),
  end: (bytes: number, events: number): string => sealedLine(JSON.stringify({ end: { bytes, events } })),
};

/** Reads a line, a view's without the view; null when it is not as it was written. */
export function readIndexLine(line: Buffer): IndexLine | null {
  const view = line.indexOf(VIEW);
  if (view >= 0) return parsed(`${line.toString('utf8', 0, view)}}`) as IndexLine | null;
  const seal = sealOf(line);
  return seal === null || crcOf(line, seal) !== seal.crc ? null : (parsed(jsonOf(line, seal)) as IndexLine | null);
}

/** Reads the view of a line. @returns null when it is not as it was written */
export function readViewLine(line: Buffer): ClusterView | null {
  const seal = sealOf(line);
  if (seal === null || crcOf(line, seal) !== seal.crc) return null;
  return (parsed(jsonOf(line, seal)) as { readonly view: ClusterView } | null)?.view ?? null;
}

/** The block of a line, its events in the file alone. */
export function blockOf({ counts, ...block }: StoredBlock): Block {
  const maps = Object.entries(counts).map(([source, names]) => [source, new Map(Object.entries(names))] as const);
  return { ...block, events: null, counts: new Map(maps) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
