/**
 * What each server has applied, as the course's tester keeps it: by index, across restarts, from what the servers report.
 * An entry's content is reported once, by the leader that placed it; which entry a server applied is known by its term.
 */
import { appendRuns, termAt, truncateRuns } from '../../core/trace/log-runs.ts';
import type { EventBody, Json, ServerId } from '../../core/wire/index.ts';
import type { TermRun } from '../../core/wire/words.ts';

/** Values of Start by server and index. */
export class Applied {
  readonly #contents = new Map<string, Json>();
  readonly #runs = new Map<ServerId, readonly TermRun[]>();
  readonly #applied = new Map<ServerId, Map<number, string>>();

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

  /** How many servers applied an index, and what; values that differ are all there. */
  at(index: number): { readonly count: number; readonly values: readonly Json[] } {
    const keys = [...this.#applied.values()].flatMap((entries) => entries.get(index) ?? []);
    const known = keys.filter((key) => this.#contents.has(key));
    const values = [...new Set(known)].map((key) => this.#contents.get(key) ?? null);
    return { count: known.length, values };
  }

  #note(server: ServerId, first: number, last: number): void {
    const entries = this.#applied.get(server) ?? new Map<number, string>();
    this.#applied.set(server, entries);
    const runs = this.#runs.get(server) ?? [];
    for (let index = first; index <= last; index += 1) {
      const term = termAt(runs, index);
      if (term !== null) entries.set(index, keyOf(index, term));
    }
  }
}

function keyOf(index: number, term: number): string {
  return `${index}.${term}`;
}
