/**
 * Reads whole stores of running servers, page by page, at one index of the log. A page without an answer is requested
 * again until the time is up, because a missing answer proves nothing about the store. Flow: checkFiles and the soak →
 * here → one page of every store at a time.
 */

import type { LogIndex } from '../core/vocabulary/index.ts';
import type { ServerId, StoreView } from '../core/wire/index.ts';

/** A key and its value. */
export type StoreItem = StoreView['items'][number];

/**
 * Every item of a store at the requested index. `silent`: no answer in time. `elsewhere`: the store was at another
 * index.
 */
export type WholeStore = readonly StoreItem[] | 'silent' | 'elsewhere';

export interface WholeStoresOptions {
  readonly servers: readonly ServerId[];
  /** The value of `lastApplied` that every page must have. Pages at one index show one state of the store. */
  readonly at: LogIndex;
  /**
   * Reads one page of every server's store, with the keys after this one (undefined: the first page). Null: no answer.
   */
  readonly page: (after: string | undefined) => Promise<Readonly<Record<ServerId, StoreView | null>>>;
  /** Time after which a store without an answer is `silent`, milliseconds. */
  readonly withinMs: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Maximum number of keys in a page; its bytes may allow fewer. */
export const PAGE_KEYS = 10_000;
const ASK_AGAIN_MS = 20;

interface Reading {
  after: string | undefined;
  readonly items: StoreItem[];
}

/** Reads all stores. Resolves when every store was read, is elsewhere, or the time is up. */
export async function readWholeStores(options: WholeStoresOptions): Promise<Readonly<Record<ServerId, WholeStore>>> {
  const { servers, at, page, withinMs, nowMs, sleep } = options;
  const began = nowMs();
  const stores: Record<ServerId, WholeStore> = {};
  const readings = new Map<ServerId, Reading>(servers.map((server) => [server, { after: undefined, items: [] }]));
  while (readings.size > 0 && nowMs() - began < withinMs) {
    let isAnswered = false;
    // Pages of equal stores end at equal keys, so one request usually serves all servers.
    for (const after of new Set([...readings.values()].map((reading) => reading.after))) {
      const views = await page(after);
      for (const [server, reading] of [...readings]) {
        const view = views[server] ?? null;
        if (reading.after !== after || view === null) continue;
        isAnswered = true;
        reading.items.push(...view.items);
        if (view.lastApplied !== at) stores[server] = 'elsewhere';
        else if (view.next === null) stores[server] = reading.items;
        else reading.after = view.next;
        if (stores[server] !== undefined) readings.delete(server);
      }
    }
    if (!isAnswered) await sleep(ASK_AGAIN_MS);
  }
  for (const server of readings.keys()) stores[server] = 'silent';
  return stores;
}
