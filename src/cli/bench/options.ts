/** The options of `raft-lab bench`: read from the command line, each mistake as one sentence about what was wrong. */
import type { Durability } from '../../core/lab-api/index.ts';
import type { SentenceKey } from '../words.ts';

/** The configuration of one row. */
export interface Combination {
  /** 1–9. */
  readonly servers: number;
  readonly clients: number;
  readonly durability: Durability;
}

/** The options of a bench. */
export interface BenchOptions {
  /** In the order in which they are measured. */
  readonly combinations: readonly Combination[];
  /** Measured time of a row, without the warm-up. */
  readonly seconds: number;
  readonly valueBytes: number;
  /** Whether the cluster runs as people run it: recorded, folded and judged. */
  readonly lab: boolean;
  readonly json: boolean;
  /** Another checkout to compare with. */
  readonly against: { readonly folder: string; readonly pairs: number } | null;
}

/** The options, or a sentence about what was wrong with them. */
export type ReadOptions =
  | { readonly ok: true; readonly options: BenchOptions }
  | { readonly ok: false; readonly key: SentenceKey; readonly params: Readonly<Record<string, string | number>> };

export const DEFAULTS = {
  servers: '3',
  clients: '1,16,64,256',
  durability: 'fsync',
  seconds: 5,
  value: 100,
  pairs: 10,
};
/** A server answers `busy` beyond 1,000 waiting requests, and 65,536 characters are the longest value of the store. */
const MOST = { servers: 9, clients: 1_000, seconds: 600, value: 65_536, pairs: 100 };
const DURABILITIES: readonly Durability[] = ['fsync', 'os-cache'];

/** @param words  the options as they were typed, by name */
export function readBenchOptions(words: Readonly<Record<string, string | boolean | undefined>>): ReadOptions {
  try {
    if (words.pairs !== undefined && words.against === undefined) throw new Wrong('benchPairs', {});
    const servers = numbers('servers', words.servers ?? DEFAULTS.servers);
    const clients = numbers('clients', words.clients ?? DEFAULTS.clients);
    const durabilities = durabilitiesOf(String(words.durability ?? DEFAULTS.durability));
    const combinations = servers.flatMap((count) =>
      durabilities.flatMap((durability) => clients.map((of) => ({ servers: count, clients: of, durability }))),
    );
    const pairs = whole('pairs', String(words.pairs ?? DEFAULTS.pairs));
    const options: BenchOptions = {
      combinations,
      seconds: seconds(String(words.seconds ?? DEFAULTS.seconds)),
      valueBytes: whole('value', String(words.value ?? DEFAULTS.value)),
      lab: words.lab !== 'off',
      json: words.json === true,
      against: typeof words.against === 'string' ? { folder: words.against, pairs } : null,
    };
    return { ok: true, options };
  } catch (problem) {
    if (problem instanceof Wrong) return { ok: false, key: problem.key, params: problem.params };
    throw problem;
  }
}

class Wrong extends Error {
  readonly key: SentenceKey;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(key: SentenceKey, params: Readonly<Record<string, string | number>>) {
    super(key);
    this.key = key;
    this.params = params;
  }
}

/** @throws Wrong */
function numbers(name: 'servers' | 'clients', given: string | boolean): readonly number[] {
  const items = itemsOf(name, String(given));
  return items.map((item) => whole(name, item));
}

/** @throws Wrong */
function durabilitiesOf(given: string): readonly Durability[] {
  return itemsOf('durability', given).map((item) => {
    const known = DURABILITIES.find((one) => one === item);
    if (known === undefined) throw new Wrong('benchDurability', { item });
    return known;
  });
}

/** Splits at commas. @throws Wrong for an item that is named twice */
function itemsOf(name: string, text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  const twice = items.find((item, at) => items.indexOf(item) !== at);
  if (twice !== undefined) throw new Wrong('benchTwice', { option: `--${name}`, item: twice });
  return items;
}

/** @throws Wrong */
function whole(name: 'servers' | 'clients' | 'value' | 'pairs', item: string): number {
  const value = /^[1-9]\d*$/.test(item) ? Number(item) : Number.NaN;
  if (value <= MOST[name]) return value;
  throw new Wrong('benchWhole', { option: `--${name}`, item, most: MOST[name] });
}

/** @throws Wrong */
function seconds(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MOST.seconds) return value;
  throw new Wrong('benchSeconds', { item: text, most: MOST.seconds });
}
