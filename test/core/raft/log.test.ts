/** The log and the chain as values: the log behaves like a plain list, and different logs have different chains. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allEntries,
  append,
  chainAt,
  chainOf,
  EMPTY_LOG,
  entriesBetween,
  entryAt,
  GENESIS_CHAIN,
  lastEntryId,
  lastIndex,
  logOf,
  SEGMENT_ENTRIES,
  termAt,
  termRuns,
  truncateFrom,
} from '../../../src/core/raft/index.ts';
import { firstIndexOfTerm, lastIndexOfTerm } from '../../../src/core/raft/log.ts';
import type { Json, LogEntry, WireEntry } from '../../../src/core/vocabulary/index.ts';
import { entriesOf, wireEntry } from './helpers.ts';

type Change = { readonly append: number; readonly newTerm: boolean } | { readonly keep: number };

const changes = fc.array(
  fc.oneof(
    fc.record({ append: fc.integer({ min: 0, max: 3 * SEGMENT_ENTRIES }), newTerm: fc.boolean() }),
    fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  ),
  { maxLength: 12 },
) satisfies fc.Arbitrary<Change[]>;

/** Applies the changes to a log and to a plain list. */
function both(made: readonly Change[]): { log: ReturnType<typeof logOf>; list: LogEntry[] } {
  let log = EMPTY_LOG;
  let list: LogEntry[] = [];
  for (const change of made) {
    if ('append' in change) {
      const term = (list.at(-1)?.term ?? 1) + (change.newTerm ? 1 : 0);
      let chain = list.at(-1)?.chain ?? GENESIS_CHAIN;
      const added = Array.from({ length: change.append }, (_, offset): LogEntry => {
        const entry = wireEntry(list.length + 1 + offset, term);
        chain = chainOf(chain, entry);
        return { ...entry, chain };
      });
      log = append(log, added);
      list = [...list, ...added];
    } else {
      const from = Math.floor(change.keep * list.length) + 1;
      log = truncateFrom(log, from);
      list = list.slice(0, from - 1);
    }
  }
  return { log, list };
}

describe('log', () => {
  test('log: any appends and truncations → equals a plain list', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const { log, list } = both(made);
        expect(allEntries(log)).toEqual(list);
        expect(lastIndex(log)).toBe(list.length);
        expect(lastEntryId(log)).toEqual({ index: list.length, term: list.at(-1)?.term ?? 0 });
        expect(log.segments.every((segment) => segment.length === SEGMENT_ENTRIES)).toBe(true);
        expect(log.tail.length).toBeLessThan(SEGMENT_ENTRIES);
        const at = Math.ceil(list.length / 2);
        expect(entryAt(log, at)).toEqual(list[at - 1]);
        expect(chainAt(log, at)).toBe(at === 0 ? GENESIS_CHAIN : list[at - 1]?.chain);
        expect(entriesBetween(log, at, at + 200)).toEqual(list.slice(Math.max(0, at - 1), at + 200));
        expect([termAt(log, 0), termAt(log, list.length + 1), entryAt(log, 0)]).toEqual([0, null, undefined]);
      }),
      { numRuns: 60 },
    );
  });

  test('firstIndexOfTerm, lastIndexOfTerm: any log → same as a linear search', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 400 }), (steps) => {
        let term = 1;
        const terms = steps.map((rise) => {
          term += rise;
          return term;
        });
        const log = logOf(entriesOf(terms));
        const limit = terms.length;
        const wanted = terms[Math.floor(limit / 2)] ?? 1;
        expect(firstIndexOfTerm(log, wanted, limit)).toBe(terms.indexOf(wanted) + 1);
        expect(lastIndexOfTerm(log, wanted, limit)).toBe(terms.lastIndexOf(wanted) + 1);
        expect(lastIndexOfTerm(log, term + 1, limit)).toBeNull();
        expect(lastIndexOfTerm(log, 0, limit)).toBeNull();
      }),
    );
  });

  test('log: append or truncation → older version unchanged, segments shared', () => {
    const before = logOf(entriesOf(Array.from({ length: 3 * SEGMENT_ENTRIES + 5 }, () => 1)));
    const copy = structuredClone(before);
    const after = append(before, [{ ...wireEntry(lastIndex(before) + 1, 2), chain: 'ffffffffffffffff' }]);
    truncateFrom(before, 200);
    expect(before).toEqual(copy);
    expect(after.segments[0]).toBe(before.segments[0]);
    expect(truncateFrom(before, 200).segments[0]).toBe(before.segments[0]);
  });

  test('append: entries do not continue the log → error with index and term', () => {
    const log = logOf(entriesOf([1, 2]));
    const entry = (index: number, term: number) => ({ ...wireEntry(index, term), chain: GENESIS_CHAIN });
    expect(() => append(log, [entry(4, 2)])).toThrow('entry 4 of term 2 cannot follow entry 2 of term 2');
    expect(() => append(log, [entry(3, 1)])).toThrow(/term 1 cannot follow/);
  });

  test('termRuns: entries of three terms → one run for each term', () => {
    expect(termRuns(entriesOf([1, 1, 3, 3, 3, 4]))).toEqual([
      { term: 1, first: 1, last: 2 },
      { term: 3, first: 3, last: 5 },
      { term: 4, first: 6, last: 6 },
    ]);
    expect(termRuns([])).toEqual([]);
  });
});

describe('chain', () => {
  const entry = fc.record({
    type: fc.constant('command' as const),
    session: fc.option(fc.nat(), { nil: null }),
    sequence: fc.option(fc.nat(), { nil: null }),
    command: fc.jsonValue() as fc.Arbitrary<Json>,
    index: fc.integer({ min: 1, max: 1_000_000 }),
    term: fc.integer({ min: 1, max: 1_000_000 }),
  }) satisfies fc.Arbitrary<WireEntry>;
  const chain = fc.stringMatching(/^[0-9a-f]{16}$/);

  test('chain: any entry → 16 hexadecimal digits, the same after a trip through JSON', () => {
    fc.assert(
      fc.property(chain, entry, (previous, content) => {
        const after = chainOf(previous, content);
        expect(after).toMatch(/^[0-9a-f]{16}$/);
        expect(chainOf(previous, JSON.parse(JSON.stringify(content)))).toBe(after);
      }),
    );
  });

  test('chain: members of an entry in another order → same value', () => {
    const one: WireEntry = { type: 'command', session: 1, sequence: 2, command: 'x', index: 3, term: 4 };
    const other: WireEntry = { term: 4, index: 3, command: 'x', sequence: 2, session: 1, type: 'command' };
    expect(chainOf(GENESIS_CHAIN, one)).toBe(chainOf(GENESIS_CHAIN, other));
  });

  test('chain: any field or the previous chain changed → another value', () => {
    const base: WireEntry = { type: 'command', session: null, sequence: null, command: 'x', index: 1, term: 1 };
    const others: WireEntry[] = [
      { ...base, index: 2 },
      { ...base, term: 2 },
      { ...base, session: 0 },
      { ...base, sequence: 0 },
      { ...base, command: 'y' },
      { ...base, command: ['x'] },
      { type: 'noop', index: 1, term: 1 },
      { type: 'session', index: 1, term: 1 },
    ];
    const chains = [base, ...others].map((one) => chainOf(GENESIS_CHAIN, one));
    expect(new Set([...chains, chainOf('0000000000000001', base)]).size).toBe(chains.length + 1);
  });

  test('chain: small change → about half of the bits flip; 100,000 entries → no collision', () => {
    let turned = 0;
    const seen = new Set<string>();
    for (let index = 1; index <= 100_000; index++) {
      const now = chainOf(GENESIS_CHAIN, wireEntry(index, 1));
      seen.add(now);
      if (index <= 1000) {
        turned += bitsBetween(now, chainOf(GENESIS_CHAIN, wireEntry(index, 2)));
      }
    }
    expect(seen.size).toBe(100_000);
    expect(turned / 1000).toBeGreaterThan(30);
    expect(turned / 1000).toBeLessThan(34);
  });

  test('chain: fixed entries → fixed values, so files of older versions stay readable', () => {
    const entries = [
      { type: 'noop', index: 1, term: 1 },
      { type: 'session', index: 2, term: 1 },
      { type: 'command', session: 2, sequence: 1, command: { op: 'set', key: 'x', value: '5' }, index: 3, term: 2 },
    ] as const;
    let chain = GENESIS_CHAIN;
    const chains = entries.map((one) => {
      chain = chainOf(chain, one);
      return chain;
    });
    expect(chains).toMatchInlineSnapshot(`
      [
        "7f1fe86316f28e54",
        "652f20d8e99bb9ee",
        "9a533b9aef68fcd6",
      ]
    `);
  });
});

function bitsBetween(one: string, other: string): number {
  const difference = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  return difference.toString(2).replaceAll('0', '').length;
}
