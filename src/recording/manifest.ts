/**
 * A run's manifest.json: the settings and the machine that the run was made with. People, the list of runs and
 * *Continue* read it. It contains no user names and no folders.
 */

import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { Low } from 'lowdb';
import * as v from 'valibot';
import { type RunSettings, timingFields } from '../core/catalogue/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { TRACE_VERSION } from '../core/trace/events.ts';
import { atomicFile } from '../program/atomic-file.ts';

const MANIFEST_FORMAT = 1;
/** Name of the manifest in a run folder. */
export const MANIFEST_FILE = 'manifest.json';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const settingsSchema = v.object({
  servers: v.pipe(v.array(v.pipe(v.string(), v.regex(/^S[1-9]$/))), v.minLength(1), v.maxLength(9)),
  pace: v.picklist(['real', 'classroom', 'slow-motion']),
  preset: v.picklist(['paper', 'production', 'custom']),
  flags: v.object({ preVote: v.boolean(), checkQuorum: v.boolean(), noop: v.boolean() }),
  durability: v.picklist(['fsync', 'os-cache']),
  ...timingFields,
  mutants: v.exactOptional(v.record(v.string(), v.string())),
  seed: count,
});
const manifestSchema = v.object({
  format: v.literal(MANIFEST_FORMAT),
  traceVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(TRACE_VERSION)),
  runId: v.string(),
  number: v.exactOptional(count),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  scenario: v.exactOptional(v.string()),
  title: v.exactOptional(v.string()),
  note: v.exactOptional(v.string()),
  raftLab: v.string(),
  settings: settingsSchema,
  seed: count,
  machine: v.object({
    platform: v.string(),
    arch: v.string(),
    node: v.string(),
    cpus: count,
    memoryBytes: count,
  }),
});

/** The description of a run without its events. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  /** Trace version of the run's first event. */
  readonly traceVersion: number;
  readonly runId: string;
  /**
   * Numbers the runs of a data folder in the order in which they were made: 1, 2, 3, … Absent in runs of versions
   * without numbers.
   */
  readonly number?: number;
  /** Time at which the run was made, ISO 8601, UTC. */
  readonly createdAt: string;
  /** Name of the scenario that the run was made for. */
  readonly scenario?: string;
  /** A person's title and note for the run; absent when empty. The id of the run stays the folder's name. */
  readonly title?: string;
  readonly note?: string;
  /** Version of Raft Lab that made the run. */
  readonly raftLab: string;
  readonly settings: RunSettings;
  readonly seed: number;
  readonly machine: {
    readonly platform: string;
    readonly arch: string;
    readonly node: string;
    readonly cpus: number;
    readonly memoryBytes: number;
  };
}

/** The field and version that show that a run needs a later Raft Lab. */
export interface LaterFormat {
  readonly field: 'traceVersion' | 'format';
  readonly version: number;
  /** The highest version that this program reads. */
  readonly reads: number;
}

/** A run's manifest, or why it cannot be read. */
export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  | {
      readonly ok: false;
      readonly problem: string;
      /** The manifest is not valid JSON, for example after a power cut. */
      readonly isHalf?: true;
      /** Present when a later Raft Lab made the run. */
      readonly later?: LaterFormat;
    };

/**
 * Writes the manifest of a run. It is durable when the promise resolves. Rejects with the file system's error.
 *
 * @param made.traceVersion  by default this program's version
 */
export async function writeManifest(
  folder: string,
  made: Pick<Manifest, 'runId' | 'number' | 'createdAt' | 'scenario' | 'raftLab' | 'settings'> &
    Partial<Pick<Manifest, 'traceVersion'>>,
): Promise<Manifest> {
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    traceVersion: TRACE_VERSION,
    ...made,
    seed: made.settings.seed,
    machine: {
      platform: platform(),
      arch: arch(),
      node: process.versions.node,
      cpus: cpus().length,
      memoryBytes: totalmem(),
    },
  };
  const low = new Low<Manifest>(atomicFile(manifestFile(folder)), manifest);
  await low.write();
  return manifest;
}

/**
 * Changes the title, the note or both; an empty text removes the field. Fields that a later version wrote stay in the
 * manifest.
 *
 * @throws the file system's error
 */
export async function labelManifest(folder: string, label: Partial<Record<'title' | 'note', string>>): Promise<void> {
  const low = new Low<Record<string, unknown>>(atomicFile(manifestFile(folder)), {});
  await low.read();
  for (const name of ['title', 'note'] as const) {
    if (label[name] === '') delete low.data[name];
    else if (label[name] !== undefined) low.data[name] = label[name];
  }
  await low.write();
}

/** Reads and checks a manifest. Never rejects; the result says what is wrong. */
export async function readManifest(folder: string): Promise<ManifestResult> {
  const low = new Low<unknown>(atomicFile(manifestFile(folder)), null);
  try {
    await low.read();
  } catch (error) {
    if (error instanceof LabProblem) return { ok: false, problem: 'manifest.json is not a regular file' };
    const { code, message } = error as NodeJS.ErrnoException;
    // A JSON error has no code. A system error's own sentence is not used, because it names the folder, and the list
    // names it already.
    const problem = code === undefined ? `manifest.json: ${message}` : `manifest.json cannot be read (${code})`;
    return { ok: false, problem, ...(error instanceof SyntaxError ? { isHalf: true } : {}) };
  }
  if (low.data === null) return { ok: false, problem: 'manifest.json is missing' };
  const later = laterIn(low.data);
  if (later !== null) return { ok: false, problem: laterInWords(later), later };
  const parsed = v.safeParse(manifestSchema, low.data);
  if (parsed.success) return { ok: true, manifest: parsed.output };
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? 'content';
  const isMissing = issue.received === 'undefined';
  return { ok: false, problem: `manifest.json: ${isMissing ? `${field} is missing` : `${field}: ${issue.message}`}` };
}

/** Checks the settings in a run's first event like those of a manifest. @returns null when they are invalid */
export function settingsIn(value: unknown): RunSettings | null {
  const parsed = v.safeParse(settingsSchema, value);
  return parsed.success ? parsed.output : null;
}

/**
 * Finds a version that is later than this program's. Only the versions are read, because other fields may have another
 * form.
 */
function laterIn(data: unknown): LaterFormat | null {
  const fields = data as Readonly<Record<LaterFormat['field'], unknown>>;
  const readable = { traceVersion: TRACE_VERSION, format: MANIFEST_FORMAT } as const;
  for (const field of ['traceVersion', 'format'] as const) {
    const version = fields[field];
    const reads = readable[field];
    if (typeof version === 'number' && version > reads) return { field, version, reads };
  }
  return null;
}

function laterInWords({ field, version, reads }: LaterFormat): string {
  return `recorded by a newer Raft Lab: its ${field} is ${version}, and this one reads up to ${reads}`;
}

function manifestFile(folder: string): string {
  return join(folder, MANIFEST_FILE);
}
