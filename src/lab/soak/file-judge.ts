/**
 * Judge of the files: reads the servers' files with the lab's own reader (no code of `src/peer`), replays them with a
 * store of its own, and says what does not fit: logs that differ, a write that was acknowledged and is not there, a
 * write that took effect twice, a store that is not what its log makes it. It goes on from where it last looked; the
 * last look reads everything again.
 */
import { readLogFrom } from '../disk/disk-reader.ts';
import type { FileEntry } from '../disk/tail-reader.ts';
import type { Written } from './crowd.ts';

/** What it looks at. */
export interface Evidence {
  /** Each server's folder. */
  readonly folders: Readonly<Record<string, string>>;
  /** What clients wrote since the last look. */
  readonly written: readonly Written[];
  /** Each server's store, as it answered itself. */
  readonly stores: Readonly<Record<string, readonly { readonly key: string; readonly value: string }[]>>;
}

/** How often each kind of wrong was found; `problems` are sentences, the first hundred. */
export interface Findings {
  readonly lost: number;
  readonly doubled: number;
  readonly unequal: number;
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 100;

/** Has seen nothing at first. */
export class FileJudge {
  #replay = new Replay();
  /** Chain at the last index seen; what lies at or below it may never change again. */
  #seen = { index: 0, chain: '' };
  readonly #acknowledged: Written[] = [];
  #lost = 0;
  #doubled = 0;
  #unequal = 0;
  readonly #problems: string[] = [];

  /** How many entries it has read and replayed. */
  get entries(): number {
    return this.#seen.index;
  }

  findings(): Findings {
    return { lost: this.#lost, doubled: this.#doubled, unequal: this.#unequal, problems: this.#problems };
  }

  /** Looks at a cluster that stands still: everybody has caught up, nothing is under way. */
  async look(evidence: Evidence): Promise<void> {
    await this.#lookFrom(this.#seen.index, evidence, evidence.written);
  }

  /** The same with every entry ever written and every write ever acknowledged, read anew from the first byte. */
  async lookAtAll(evidence: Evidence): Promise<void> {
    this.#acknowledged.push(...evidence.written.filter(({ index }) => index !== null));
    this.#replay = new Replay();
    this.#seen = { index: 0, chain: '' };
    await this.#lookFrom(0, { ...evidence, written: [] }, this.#acknowledged);
  }

  async #lookFrom(from: number, evidence: Evidence, written: readonly Written[]): Promise<void> {
    const [first, ...others] = await this.#readAll(from, evidence.folders);
    if (first === undefined) return;
    for (const other of others) this.#compare(first, other);
    for (const entry of first.entries) {
      if (entry.index <= from) continue;
      const doubled = this.#replay.apply(entry);
      if (doubled !== null) this.#wrong(`${doubled} took effect again at entry ${entry.index}`, 'doubled');
    }
    const last = first.entries.at(-1);
    if (last !== undefined) this.#seen = { index: last.index, chain: last.chain };
    this.#judgeWrites(written);
    this.#acknowledged.push(...evidence.written.filter(({ index }) => index !== null));
    for (const [server, items] of Object.entries(evidence.stores)) this.#compareStore(server, items);
  }

  async #readAll(from: number, folders: Evidence['folders']): Promise<readonly ServerLog[]> {
    const logs: ServerLog[] = [];
    for (const [server, folder] of Object.entries(folders)) {
      const { entries, problems } = await readLogFrom(folder, Math.max(1, from));
      for (const problem of problems) this.#wrong(`${server}: ${problem}`, 'unequal');
      const known = entries.find(({ index }) => index === from);
      if (from > 0 && known?.chain !== this.#seen.chain) {
        this.#wrong(`${server}: entry ${from} is not what it was when everybody had it`, 'unequal');
      }
      logs.push({ server, entries });
    }
    return logs;
  }

  #compare(one: ServerLog, other: ServerLog): void {
    const [a, b] = [one.entries.at(-1), other.entries.at(-1)];
    // A chain covers everything below it; the lists are walked only to say where they part.
    if (a?.index === b?.index && a?.chain === b?.chain) return;
    const at = one.entries.find((entry, place) => other.entries[place]?.chain !== entry.chain)?.index;
    this.#wrong(`${one.server} and ${other.server} differ at entry ${at ?? (a?.index ?? 0) + 1}`, 'unequal');
  }

  #judgeWrites(written: readonly Written[]): void {
    for (const { token, key, index } of written) {
      if (index === null || this.#replay.has(token)) continue;
      this.#wrong(`${token} for ${key} was acknowledged at entry ${index} and is in no log`, 'lost');
    }
  }

  #compareStore(server: string, items: readonly { readonly key: string; readonly value: string }[]): void {
    const { store } = this.#replay;
    const differing = items.find(({ key, value }) => store.get(key) !== value);
    if (differing !== undefined) this.#wrong(`${server}: ${differing.key} is not what the log makes it`, 'unequal');
    if (items.length !== store.size) {
      this.#wrong(`${server}: ${items.length} keys, the log makes ${store.size}`, 'unequal');
    }
  }

  #wrong(sentence: string, kind: 'lost' | 'doubled' | 'unequal'): void {
    if (kind === 'lost') this.#lost += 1;
    if (kind === 'doubled') this.#doubled += 1;
    if (kind === 'unequal') this.#unequal += 1;
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(sentence);
  }
}

interface ServerLog {
  readonly server: string;
  readonly entries: readonly FileEntry[];
}

/** A command of the store as the files hold it; `value` and `expected` where its op has one. */
interface FileCommand {
  readonly op: string;
  readonly key: string;
  readonly value: string;
  readonly expected: string | null;
}

/** What a log comes to: sessions apply a number once (rule R4), appends go to keys. A second opinion on the state machine. */
class Replay {
  readonly store = new Map<string, string>();
  readonly #sessions = new Map<number, number>();
  /** Every token that took effect. */
  readonly #tokens = new Set<string>();

  /** @returns a token that had taken effect before, null when all is well */
  apply(entry: FileEntry): string | null {
    if (entry.type === 'session') this.#sessions.set(entry.index, 0);
    if (entry.type !== 'command') return null;
    const { session, sequence } = entry;
    if (typeof session === 'number') {
      const last = this.#sessions.get(session);
      if (last === undefined || typeof sequence !== 'number' || sequence <= last) return null;
      this.#sessions.set(session, sequence);
    }
    const { op, key, value, expected } = entry.command as unknown as FileCommand;
    if (op === 'set' || (op === 'cas' && (this.store.get(key) ?? null) === expected)) this.store.set(key, value);
    if (op === 'delete') this.store.delete(key);
    if (op !== 'append') return null;
    this.store.set(key, (this.store.get(key) ?? '') + value);
    if (this.#tokens.has(value)) return value;
    this.#tokens.add(value);
    return null;
  }

  has(token: string): boolean {
    return this.#tokens.has(token);
  }
}
