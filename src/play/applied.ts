/**
 * The values that each server has applied, by index and across restarts, as the course's tester keeps them. The leader
 * that placed an entry reports its content once. A server reports index and term of an applied entry, and these
 * identify the content.
 */
import type { BothLanguages } from '../core/trace/index.ts';
import { appendRuns, termAt, truncateRuns } from '../core/trace/log-runs.ts';
import type { TermRun } from '../core/vocabulary/index.ts';
import type { EventBody, Json, ServerId } from '../core/wire/index.ts';

/** An entry that a server applied. Its content is absent until it is known. */
interface AppliedEntry {
  readonly key: string;
  readonly content: Json | undefined;
}

/** The values of Start by server and index. */
export class Applied {
  readonly #contents = new Map<string, Json>();
  readonly #runs = new Map<ServerId, readonly TermRun[]>();
  readonly #applied = new Map<ServerId, Map<number, AppliedEntry>>();
  #conflict: BothLanguages | null = null;

  /**
   * The first proof that two servers, or two lives of one, applied different entries at one index; null without one.
   */
  get conflict(): BothLanguages | null {
    return this.#conflict;
  }

  hear(source: ServerId, event: EventBody): void {
    switch (event.event) {
      case 'StateRestored':
        this.#runs.set(source, event.runs as unknown as readonly TermRun[]);
        return;
      case 'EntriesTruncated':
        this.#runs.set(source, truncateRuns(this.#runs.get(source) ?? [], event.from as number));
        return;
      case 'EntriesAppended':
        this.#runs.set(source, appendRuns(this.#runs.get(source) ?? [], event.runs as unknown as readonly TermRun[]));
        return;
      case 'EntriesProposed':
        for (const entry of event.entries as readonly { index: number; term: number; command?: Json }[]) {
          this.#contents.set(keyOf(entry.index, entry.term), entry.command ?? null);
        }
        return;
      case 'EntriesApplied':
        this.#note(source, event.first as number, event.last as number);
        return;
    }
  }

  /**
   * Returns the number of servers that applied an index, and the values there; more than one value when they differ.
   */
  at(index: number): { readonly count: number; readonly values: readonly Json[] } {
    const contents = [...this.#applied.values()].flatMap((entries) => {
      const content = this.#contentOf(entries.get(index));
      return content === undefined ? [] : [content];
    });
    const different = contents.filter((content, at) => contents.findIndex((other) => isSame(content, other)) === at);
    return { count: contents.length, values: different };
  }

  #note(server: ServerId, first: number, last: number): void {
    const entries = this.#applied.get(server) ?? new Map<number, AppliedEntry>();
    this.#applied.set(server, entries);
    const runs = this.#runs.get(server) ?? [];
    for (let index = first; index <= last; index += 1) {
      const term = termAt(runs, index);
      if (term === null) continue;
      const key = keyOf(index, term);
      // The value is copied, because a server that lost its memory may use the same index and term for another entry.
      const content = this.#contents.get(key);
      if (content !== undefined) this.#compare(server, index, content);
      entries.set(index, { key, content });
    }
  }

  /** Compares the entry with those that all servers, including this one, applied at this index before. */
  #compare(server: ServerId, index: number, content: Json): void {
    for (const [other, entries] of this.#applied) {
      const before = this.#contentOf(entries.get(index));
      if (before === undefined || isSame(before, content)) continue;
      const [here, there] = [textOf(content), textOf(before)];
      this.#conflict ??= {
        en: `${server} applied ${here} at index ${index}, where ${other} had applied ${there}`,
        zh: `${server} 在索引 ${index} 应用了 ${here}，而 ${other} 在那里应用过 ${there}`,
      };
    }
  }

  #contentOf(entry: AppliedEntry | undefined): Json | undefined {
    return entry === undefined ? undefined : (entry.content ?? this.#contents.get(entry.key));
  }
}

function keyOf(index: number, term: number): string {
  return `${index}.${term}`;
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Returns the value of Start, or the whole entry when another client placed it. */
function textOf(content: Json): string {
  const { value } = (content ?? {}) as { readonly value?: unknown };
  return typeof value === 'string' ? value : JSON.stringify(content);
}
