/**
 * Writes and parses the lines of events.index. Each line is a JSON object with a checksum, as in events.jsonl.
 *
 *     {"index":2,"runId":"2026-…"}                                   the first line
 *     {"block":{"offset":0,"bytes":95120,"size":500,"sum":…,…}}     a stretch of events.jsonl
 *     {"key":{…},"seq":5230,"view":{…}}                             a view up to the event `key`, written after event `seq`
 *     {"end":{"bytes":190120,"events":1000}}                        the last line, of a whole recording only
 */
import type { EventKey } from '../core/trace/order.ts';
import type { ClusterView } from '../core/trace/view.ts';
import type { Block } from './trace-index.ts';
import { crcOf, jsonOf, sealedLine, sealOf } from './trace-line.ts';

/**
 * Format of the index. An index of another format is not read. Increase the number when these lines change, and when
 * the fold gives other views for the same trace, because an index holds folded views
 * (test/recording/index-format.test.ts).
 */
export const INDEX_FORMAT = 7;

/** Number of events by source and name, as plain objects. */
type StoredCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;
type StoredBlock = Omit<Block, 'events' | 'counts'> & { readonly counts: StoredCounts };

/** The content of an index line. The line of a view is read without the view; `readViewLine` reads it. */
export type IndexLine =
  | { readonly index: number; readonly runId: string }
  | { readonly block: StoredBlock }
  | { readonly key: EventKey; readonly seq: number }
  | { readonly end: { readonly bytes: number; readonly events: number } };

const VIEW = Buffer.from(',"view":');

/** One writer for each kind of line. */
export const indexLines = {
  head: (runId: string): string => sealedLine(JSON.stringify({ index: INDEX_FORMAT, runId })),
  block: ({ events: _, counts, ...block }: Block): string => {
    const stored = Object.fromEntries([...counts].map(([source, names]) => [source, Object.fromEntries(names)]));
    return sealedLine(JSON.stringify({ block: { ...block, counts: stored } }));
  },
  view: (key: EventKey, seq: number, view: ClusterView): string => sealedLine(JSON.stringify({ key, seq, view })),
  end: (bytes: number, events: number): string => sealedLine(JSON.stringify({ end: { bytes, events } })),
};

/**
 * Reads an index line; the view in a view's line is skipped.
 *
 * @returns null when the line is not valid JSON or its checksum differs
 */
export function readIndexLine(line: Buffer): IndexLine | null {
  const view = line.indexOf(VIEW);
  if (view >= 0) return parsed(`${line.toString('utf8', 0, view)}}`) as IndexLine | null;
  const seal = sealOf(line);
  return seal === null || crcOf(line, seal) !== seal.crc ? null : (parsed(jsonOf(line, seal)) as IndexLine | null);
}

/** Reads the view of a line. @returns null when the line has no valid checksum or no view */
export function readViewLine(line: Buffer): ClusterView | null {
  const seal = sealOf(line);
  if (seal === null || crcOf(line, seal) !== seal.crc) return null;
  return (parsed(jsonOf(line, seal)) as { readonly view: ClusterView } | null)?.view ?? null;
}

/** Converts the block of a line. Its events have to be read from events.jsonl. */
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
