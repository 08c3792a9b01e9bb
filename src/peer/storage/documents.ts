/**
 * Encodes and decodes the two kinds of JSON documents, `state.json` and sealed segments. Any JSON reader can read them.
 * Their last line is a checksum of every byte before it, so even a changed space is detected.
 */
import type { Chain, LogEntry, LogIndex, ServerId, Term } from '../../core/vocabulary/index.ts';
import { isProblem, isServerId, parseLogEntry } from '../../core/wire/index.ts';
import { changedByte, checksum, misfit } from './checksum.ts';
import { type Damage, StorageDamaged } from './damage.ts';
import { FORMAT_VERSION, type Owner } from './layout.ts';

/** The durable part of a tail, as recorded in state.json. */
export interface TailMark {
  /** `log/tail-257.jsonl`. */
  readonly file: string;
  /**
   * Number of bytes that were durable when this was written. The last line of the tail at that time is not included,
   * because a last line may be torn.
   */
  readonly bytes: number;
  /** Last index and chain of the log up to those bytes. */
  readonly lastIndex: LogIndex;
  readonly chain: Chain;
}

/** `state.json`: term and vote (§3.8), and a mark from which an older copy of the tail can be detected. */
export interface StateDocument extends Owner {
  readonly format: 'raft-lab state';
  readonly version: typeof FORMAT_VERSION;
  /** Number of times this file was written. Each line of the tail records the generation it was written under. */
  readonly generation: number;
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  /** Reserved for the paper's snapshots, which are not implemented. */
  readonly snapshot: null;
  readonly tail: TailMark;
  /** The tail that `tail` replaced, until its removal is durable. No other second tail is allowed. */
  readonly dropping: { readonly file: string; readonly bytes: number } | null;
}

/** `log/<first>.json`: committed entries, which never change. */
export interface SegmentDocument extends Owner {
  readonly format: 'raft-lab segment';
  readonly version: typeof FORMAT_VERSION;
  readonly first: LogIndex;
  readonly last: LogIndex;
  /** Chain of the entry before `first`. */
  readonly previousChain: Chain;
  readonly entries: readonly LogEntry[];
}

/** Returns the bytes of state.json. */
export function encodeState(state: StateDocument): Buffer {
  return sealed(JSON.stringify(state, null, 2).slice(0, -2));
}

/** Returns the bytes of a sealed segment, one entry per line. */
export function encodeSegment(segment: SegmentDocument): Buffer {
  const { entries, ...head } = segment;
  const lines = entries.map((entry) => `\n    ${entryText(entry)}`).join(',');
  return sealed(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "entries": [${lines}\n  ]`);
}

/** Returns an entry as one line. Index and term come first, because a person looks for them. */
export function entryText(entry: LogEntry): string {
  const place = `{"index":${entry.index},"term":${entry.term},"type":"${entry.type}"`;
  if (entry.type !== 'command') return `${place},"chain":"${entry.chain}"}`;
  const { session, sequence, command, chain } = entry;
  return `${place},"session":${session},"sequence":${sequence},"command":${JSON.stringify(command)},"chain":"${chain}"}`;
}

/**
 * Decodes and checks state.json.
 *
 * @param file  path for the error message
 * @throws StorageDamaged
 */
export function decodeState(bytes: Buffer, file: string, owner: Owner): StateDocument {
  const document = opened(bytes, file);
  const wrong = describedWrongly(document, 'raft-lab state', owner) ?? stateFault(document);
  if (wrong !== null) throw new StorageDamaged({ ...wrong, file, offset: 0 });
  return document as unknown as StateDocument;
}

/**
 * Decodes and checks a segment. The loader checks the chain of its entries, because it knows the entry before them.
 *
 * @param file  path for the error message
 * @throws StorageDamaged
 */
export function decodeSegment(bytes: Buffer, file: string, owner: Owner): SegmentDocument {
  const document = opened(bytes, file);
  const wrong = describedWrongly(document, 'raft-lab segment', owner) ?? segmentFault(document);
  if (wrong !== null) throw new StorageDamaged({ ...wrong, file, offset: 0 });
  return document as unknown as SegmentDocument;
}

/** Checks that a file names the expected run, server, version and kind. */
export function describedWrongly(
  document: Readonly<Record<string, unknown>>,
  format: string,
  owner: Owner,
): Pick<Damage, 'kind' | 'reason'> | null {
  if (document.format !== format) return { kind: 'swapped', reason: `it is not a file of the kind "${format}"` };
  if (document.version !== FORMAT_VERSION) {
    return { kind: 'damaged', reason: `its format version is ${String(document.version)}, known is ${FORMAT_VERSION}` };
  }
  if (document.runId !== owner.runId) {
    return { kind: 'swapped', reason: `it belongs to the run ${String(document.runId)}, not to ${owner.runId}` };
  }
  if (document.server !== owner.server) {
    return { kind: 'swapped', reason: `it belongs to ${String(document.server)}, not to ${owner.server}` };
  }
  return null;
}

const SEAL_FORM = `,\n  "checksum": "xxxxxxxx"\n}\n`;
const SEAL_DIGITS = SEAL_FORM.indexOf('xxxxxxxx');

function sealed(body: string): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([bytes, Buffer.from(SEAL_FORM.replace('xxxxxxxx', checksum(bytes)))]);
}

/** Verifies the checksum and returns the document without it. */
function opened(bytes: Buffer, file: string): Record<string, unknown> {
  if (bytes.length === 0) throw new StorageDamaged({ kind: 'empty', file, offset: 0, reason: 'it has no bytes' });
  const damaged = (offset: number, reason: string): StorageDamaged =>
    new StorageDamaged({ kind: 'damaged', file, offset, reason });
  const bodyEnd = Math.max(0, bytes.length - SEAL_FORM.length);
  const seal = bytes.toString('latin1', bodyEnd);
  const unlike = misfit(seal, SEAL_FORM);
  if (unlike !== null) throw damaged(bodyEnd + unlike, 'it does not end with its checksum');
  const body = bytes.subarray(0, bodyEnd);
  const stated = seal.slice(SEAL_DIGITS, SEAL_DIGITS + 8);
  const actual = checksum(body);
  if (actual !== stated) {
    const { of, at } = changedByte(body, stated);
    const offset = of === 'content' ? at : bodyEnd + SEAL_DIGITS + at;
    throw damaged(offset, `its content has the checksum ${actual}, it should be ${stated}`);
  }
  const { checksum: _, ...document } = parsed(bytes, file);
  return document;
}

function parsed(bytes: Buffer, file: string): Record<string, unknown> {
  try {
    return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  } catch (error) {
    const reason = `its checksum fits, yet it is not JSON: ${error instanceof Error ? error.message : 'unknown'}`;
    throw new StorageDamaged({ kind: 'damaged', file, offset: 0, reason });
  }
}

type Fault = Pick<Damage, 'kind' | 'reason'> | null;

const fault = (reason: string): Fault => ({ kind: 'damaged', reason });
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isIndex = (value: unknown): boolean => isCount(value) && value !== 0;
const isChain = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);

function stateFault(document: Readonly<Record<string, unknown>>): Fault {
  const { generation, currentTerm, votedFor, snapshot, tail, dropping } = document;
  if (!isIndex(generation)) return fault('its generation is not a count');
  if (!isCount(currentTerm)) return fault('currentTerm is not a term');
  if (votedFor !== null && !isServerId(votedFor)) return fault('votedFor is not a server');
  if (snapshot !== null) return fault('it names a snapshot, which this version cannot read');
  const mark = tail as Partial<TailMark> | null | undefined;
  if (!mark || typeof mark.file !== 'string' || !isCount(mark.bytes)) return fault('it names no tail');
  if (!isCount(mark.lastIndex) || !isChain(mark.chain)) return fault('it does not say what its tail holds');
  const old = dropping as { file?: unknown; bytes?: unknown } | null | undefined;
  if (old !== null && (typeof old?.file !== 'string' || !isCount(old.bytes)))
    return fault('its dropped tail is unnamed');
  return null;
}

function segmentFault(document: Readonly<Record<string, unknown>>): Fault {
  const { first, last, previousChain, entries } = document;
  if (!isIndex(first) || !isIndex(last) || !isChain(previousChain)) return fault('it does not say what it holds');
  if (!Array.isArray(entries) || entries.length === 0) return fault('it holds no entries');
  if (entries.length !== (last as number) - (first as number) + 1) return fault('it holds another number of entries');
  for (const entry of entries) {
    const checked = parseLogEntry(entry);
    if (isProblem(checked)) return fault(checked.problem);
  }
  return null;
}
