/**
 * Judge of the files: reads the servers' files with the lab's own reader (no code of `src/peer`), replays them with a
 * store of its own, and reports logs that differ, an acknowledged write that is missing, a write that took effect
 * twice, and a store that differs from the one its log makes. Each look reads only the entries since the last look, up
 * to the settled index; `lookAtAll` reads everything again. Flow: checkFiles, soak → here → disk-reader.
 */

import { readLogFrom } from '../cluster/disk/disk-reader.ts';
import type { FileEntry } from '../cluster/disk/tail-reader.ts';
import type { BothLanguages } from '../core/trace/index.ts';
import type { LogIndex } from '../core/vocabulary/index.ts';
import { Replay } from './replay.ts';
import type { StoreItem } from './whole-stores.ts';

/** A token with the log index that its client got as the answer; null when the outcome is unknown (R5). */
export interface Written {
  readonly token: string;
  readonly key: string;
  readonly index: number | null;
}

/** The inputs of a look. */
export interface Evidence {
  /**
   * The settled index: every server of `folders` reported its entries up to it as committed, applied and on disk. The
   * files are judged up to this index.
   */
  readonly settled: LogIndex;
  /** Folders of the servers that answered. */
  readonly folders: Readonly<Record<string, string>>;
  /**
   * Folders of servers without a process; only `lookAtAll` reads them. Their logs may end earlier and may hold entries
   * that were never committed, so only sealed entries, which are committed, are compared.
   */
  readonly stopped?: Readonly<Record<string, string>>;
  /** Writes of clients since the last look. */
  readonly written: readonly Written[];
  /** Each server's whole store at `settled`. A server that is absent here is judged by its files alone. */
  readonly stores: Readonly<Record<string, readonly StoreItem[]>>;
}

/** Number of findings of each kind. `problems` holds the first hundred as sentences. */
export interface Findings {
  readonly lost: number;
  readonly doubled: number;
  readonly unequal: number;
  readonly problems: readonly BothLanguages[];
}

const MOST_PROBLEMS = 100;

/** Judges the files of one run. */
export class FileJudge {
  #replay = new Replay();
  /** Index and chain of the last judged entry. Entries up to it must never change. */
  #seen = { index: 0, chain: '' };
  readonly #acknowledged: Written[] = [];
  #lost = 0;
  #doubled = 0;
  #unequal = 0;
  readonly #problems: BothLanguages[] = [];

  /** Number of entries that were read and replayed. */
  get entries(): number {
    return this.#seen.index;
  }

  /** Number of those entries that hold a command. */
  get commands(): number {
    return this.#replay.commands;
  }

  findings(): Findings {
    return { lost: this.#lost, doubled: this.#doubled, unequal: this.#unequal, problems: this.#problems };
  }

  /** Judges the entries since the last look, up to `settled`. */
  async look(evidence: Evidence): Promise<void> {
    await this.#lookFrom(this.#seen.index, evidence, evidence.written);
    this.#acknowledged.push(...evidence.written.filter(({ index }) => index !== null));
  }

  /** Judges every entry and every acknowledged write again, from the first byte, and the files of stopped servers. */
  async lookAtAll(evidence: Evidence): Promise<void> {
    this.#acknowledged.push(...evidence.written.filter(({ index }) => index !== null));
    this.#replay = new Replay();
    this.#seen = { index: 0, chain: '' };
    const log = await this.#lookFrom(0, evidence, this.#acknowledged);
    for (const [server, folder] of Object.entries(evidence.stopped ?? {}))
      await this.#judgeStopped(server, folder, log);
  }

  /** @returns the log that was replayed, beginning at `from` */
  async #lookFrom(
    from: LogIndex,
    { settled, folders, stores }: Evidence,
    written: readonly Written[],
  ): Promise<readonly FileEntry[]> {
    const logs = await this.#readAll(from, settled, folders);
    const reference = logs.find(({ entries }) => entries.at(-1)?.index === settled) ?? logs[0];
    if (reference === undefined) throw new Error('a look needs the files of at least one server');
    for (const other of logs) if (other !== reference) this.#compare(reference, other);
    for (const entry of reference.entries) {
      if (entry.index <= from) continue;
      const text = this.#replay.apply(entry);
      if (text !== null) this.#wrong('doubled', DOUBLED(text, entry.index));
    }
    const last = reference.entries.at(-1);
    if (last !== undefined) this.#seen = { index: last.index, chain: last.chain };
    this.#judgeWrites(written);
    for (const [server, items] of Object.entries(stores)) this.#compareStore(server, items);
    return reference.entries;
  }

  /** Reads the logs without the entries after `settled`, because servers receive these at different times. */
  async #readAll(from: LogIndex, settled: LogIndex, folders: Evidence['folders']): Promise<readonly ServerLog[]> {
    const logs: ServerLog[] = [];
    for (const [server, folder] of Object.entries(folders)) {
      const { entries, problems } = await readLogFrom(folder, Math.max(1, from));
      for (const problem of problems) this.#wrong('unequal', DAMAGED(server, problem));
      const known = entries.find(({ index }) => index === from);
      if (from > 0 && known?.chain !== this.#seen.chain) this.#wrong('unequal', CHANGED(server, from));
      const upTo = entries.filter(({ index }) => index <= settled);
      const last = upTo.at(-1)?.index ?? 0;
      if (last < settled) this.#wrong('unequal', TOO_SHORT(server, last, settled));
      logs.push({ server, entries: upTo });
    }
    return logs;
  }

  #compare(one: ServerLog, other: ServerLog): void {
    const [a, b] = [one.entries.at(-1), other.entries.at(-1)];
    // A chain covers all earlier entries. The entries are compared only to find the first difference.
    if (a?.index !== b?.index || a?.chain === b?.chain) return;
    const at = one.entries.find((entry, place) => other.entries[place]?.chain !== entry.chain)?.index;
    this.#wrong('unequal', DIFFERENT(one.server, other.server, at ?? a?.index ?? 0));
  }

  async #judgeStopped(server: string, folder: string, log: readonly FileEntry[]): Promise<void> {
    const { entries, sealedLast, problems } = await readLogFrom(folder, 1);
    for (const problem of problems) this.#wrong('unequal', DAMAGED(server, problem));
    if (sealedLast > this.#seen.index)
      return this.#wrong('lost', SEALED_AND_LOST(server, sealedLast, this.#seen.index));
    const at = entries.find(({ index, chain }) => index <= sealedLast && log[index - 1]?.chain !== chain)?.index;
    if (at !== undefined) this.#wrong('unequal', SEALED_OTHERWISE(server, at));
  }

  #judgeWrites(written: readonly Written[]): void {
    for (const { token, key, index } of written) {
      if (index !== null && !this.#replay.hasAppended(token)) this.#wrong('lost', LOST(token, key, index));
    }
  }

  #compareStore(server: string, items: readonly StoreItem[]): void {
    const { store } = this.#replay;
    const differing = items.find(({ key, value }) => store.get(key) !== value);
    if (differing !== undefined) this.#wrong('unequal', OTHER_VALUE(server, differing.key));
    else if (items.length !== store.size) this.#wrong('unequal', OTHER_KEYS(server, items.length, store.size));
  }

  #wrong(kind: 'lost' | 'doubled' | 'unequal', sentence: BothLanguages): void {
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

type Name = string | number;
const DOUBLED = (text: Name, index: Name): BothLanguages => ({
  en: `${text} took effect again at entry ${index}`,
  zh: `${text} 在日志项 ${index} 处再次生效`,
});
const DAMAGED = (server: Name, problem: Name): BothLanguages => ({
  en: `${server}: ${problem}`,
  zh: `${server}：${problem}`,
});
const CHANGED = (server: Name, index: Name): BothLanguages => ({
  en: `${server}: entry ${index} is not what it was when all servers had it`,
  zh: `${server}：日志项 ${index} 与所有服务器都持有它时不同`,
});
const TOO_SHORT = (server: Name, last: Name, settled: Name): BothLanguages => ({
  en: `${server}: its files end with entry ${last}, though it reported entry ${settled} on disk`,
  zh: `${server}：文件止于日志项 ${last}，但它报告日志项 ${settled} 已落盘`,
});
const DIFFERENT = (one: Name, other: Name, index: Name): BothLanguages => ({
  en: `${one} and ${other} differ at entry ${index}`,
  zh: `${one} 与 ${other} 在日志项 ${index} 处不同`,
});
const SEALED_AND_LOST = (server: Name, sealed: Name, settled: Name): BothLanguages => ({
  en: `${server}, which is down, sealed committed entries up to ${sealed}; the servers that run end with ${settled}`,
  zh: `已停止的 ${server} 把已提交的日志项封存到 ${sealed}，而运行中的服务器止于 ${settled}`,
});
const SEALED_OTHERWISE = (server: Name, index: Name): BothLanguages => ({
  en: `${server}, which is down, sealed another entry ${index} than the servers that run`,
  zh: `已停止的 ${server} 封存的日志项 ${index} 与运行中的服务器不同`,
});
const LOST = (text: Name, key: Name, index: Name): BothLanguages => ({
  en: `${text} for ${key} was acknowledged at entry ${index} and is in no log`,
  zh: `${key} 的 ${text} 在日志项 ${index} 处得到确认，但不在任何日志里`,
});
const OTHER_VALUE = (server: Name, key: Name): BothLanguages => ({
  en: `${server}: ${key} is not what the log makes it`,
  zh: `${server}：${key} 的值与日志得出的不符`,
});
const OTHER_KEYS = (server: Name, keys: Name, made: Name): BothLanguages => ({
  en: `${server}: ${keys} keys, the log makes ${made}`,
  zh: `${server}：有 ${keys} 个键，日志得出 ${made} 个`,
});
