/**
 * The verdict of a row: whether the servers' logs hold exactly the commands that clients were answered. Compares every
 * acknowledged command with its log entry, finds entries that no client sent, and compares the logs with each other
 * entry by entry. Pure: row.ts reads the files and asks the servers.
 */
import type { FileEntry } from '../../lab/index.ts';
import type { Answers } from '../../load/orders.ts';

/** The log of one server, as the lab's reader found it in its files. */
export interface ServerLog {
  readonly server: string;
  readonly entries: readonly FileEntry[];
  /** Sentences about the data that could not be read. */
  readonly problems: readonly string[];
}

/** The data from which the verdict follows. */
export interface Evidence {
  readonly answers: Answers;
  readonly logs: readonly ServerLog[];
  /** The index up to which each server had applied its log before it was stopped; null when it did not answer. */
  readonly lastApplied: Readonly<Record<string, number | null>>;
}

/** A reason why a row is void, with the first case of its kind. Each code has a sentence, `bench-void-<code>`. */
export interface VoidReason {
  readonly code: VoidCode;
  readonly params: Readonly<Record<string, string | number>>;
}

export type VoidCode =
  /** No command was acknowledged, so nothing was measured. */
  | 'nothing'
  | 'unreadable'
  | 'unequal'
  /** The command was acknowledged and is not in the log. */
  | 'lost'
  /** The command was acknowledged at one index and is in the log at another. */
  | 'moved'
  /** The command is in the log more than once, although it was sent once. */
  | 'doubled'
  /** The command is in the log, and no client sent it. */
  | 'unasked'
  | 'not-applied';

/** Returns every reason why the row does not count; empty when it counts. */
export function verdictOf({ answers, logs, lastApplied }: Evidence): readonly VoidReason[] {
  const [first, ...others] = logs;
  if (first === undefined) return [{ code: 'nothing', params: {} }];
  const reasons = [
    ...logs.flatMap(({ server, problems }) =>
      problems.slice(0, 1).map((problem): VoidReason => ({ code: 'unreadable', params: { server, problem } })),
    ),
    ...others.flatMap((other) => differenceOf(first, other)),
    ...compare(answers, first.entries),
    ...logs.flatMap((log) => unappliedOf(log, lastApplied[log.server] ?? null)),
  ];
  return reasons.filter(({ code }, at) => reasons.findIndex((other) => other.code === code) === at);
}

function differenceOf(one: ServerLog, other: ServerLog): readonly VoidReason[] {
  const longer = one.entries.length >= other.entries.length ? one.entries : other.entries;
  const at = longer.findIndex((_, place) => !isSame(one.entries[place], other.entries[place]));
  if (at < 0) return [];
  const params = { one: one.server, other: other.server, index: longer[at]?.index ?? at + 1 };
  return [{ code: 'unequal', params }];
}

/**
 * Compares two entries. The chain covers the content and all earlier entries. Index and term are compared too, at no
 * cost.
 */
function isSame(one: FileEntry | undefined, other: FileEntry | undefined): boolean {
  return one?.index === other?.index && one?.term === other?.term && one?.chain === other?.chain;
}

function unappliedOf({ server, entries }: ServerLog, lastApplied: number | null): readonly VoidReason[] {
  const lastIndex = entries.at(-1)?.index ?? 0;
  if (lastApplied === lastIndex) return [];
  return [{ code: 'not-applied', params: { server, lastApplied: lastApplied ?? '–', lastIndex } }];
}

/** Compares in both directions: from answers to entries, and from entries to answers. */
function compare({ sessions, repeated }: Answers, entries: readonly FileEntry[]): readonly VoidReason[] {
  const places = placesOf(entries);
  const mayRepeat = new Set(repeated.map(([session, sequence]) => nameOf(session, sequence)));
  const reasons: VoidReason[] = [];
  let acknowledged = 0;
  for (const [session, indexes] of sessions) {
    for (const [at, index] of indexes.entries()) {
      const name = nameOf(session, at + 1);
      const found = places.get(name) ?? [];
      places.delete(name);
      const params = { command: name, index };
      if (found.length > 1 && !mayRepeat.has(name)) reasons.push({ code: 'doubled', params });
      // A command of unknown outcome and a refused one may be in the log or not.
      if (index === 0) continue;
      acknowledged += 1;
      if (found.length === 0) reasons.push({ code: 'lost', params });
      else if (!found.includes(index)) reasons.push({ code: 'moved', params: { ...params, found: found[0] ?? 0 } });
    }
  }
  if (acknowledged === 0) reasons.push({ code: 'nothing', params: {} });
  const [unasked] = places;
  if (unasked !== undefined) {
    reasons.push({ code: 'unasked', params: { command: unasked[0], index: unasked[1][0] ?? 0 } });
  }
  return reasons;
}

/** Returns every command of the log by its session and number, with all its indexes. */
function placesOf(entries: readonly FileEntry[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const { type, index, session, sequence } of entries) {
    if (type !== 'command') continue;
    const name = nameOf(session, sequence);
    const known = places.get(name);
    if (known === undefined) places.set(name, [index]);
    else known.push(index);
  }
  return places;
}

/** Returns the name of a command: `4:17` is the 17th command of session 4. */
function nameOf(session: unknown, sequence: unknown): string {
  return `${String(session)}:${String(sequence)}`;
}
