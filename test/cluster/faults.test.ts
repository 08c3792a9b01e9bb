/** Faults of links: overlapping faults compose, so a link is open exactly when no active fault cuts it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FaultControl } from '../../src/cluster/fault-control.ts';
import { changedOrders, type LinkOrder, linksOf, policiesOf } from '../../src/cluster/faults.ts';

const FIVE = ['S1', 'S2', 'S3', 'S4', 'S5'];
const cutOf = (...servers: string[]) => ({ kind: 'cut', servers }) as const;
const group = fc.subarray(FIVE, { minLength: 1, maxLength: 4 });

function control(): {
  readonly faults: FaultControl;
  readonly sent: LinkOrder[][];
  readonly notes: string[];
  closedLinks(): readonly string[];
  policyOf(link: string): string;
} {
  const sent: LinkOrder[][] = [];
  const notes: string[] = [];
  const modes = new Map<string, string>();
  const faults = new FaultControl({
    servers: FIVE,
    earlierFaults: 0,
    setPolicies: async (orders) => {
      sent.push([...orders]);
      for (const { from, to, policy } of orders) modes.set(`${from}>${to}`, policy.mode);
    },
    note: (event) => notes.push('fault' in event ? `${event.event} ${event.fault}` : event.event),
  });
  const policyOf = (link: string): string => modes.get(link) ?? 'pass';
  const closedLinks = (): readonly string[] => [...modes].filter(([, mode]) => mode === 'cut').map(([link]) => link);
  return { faults, sent, notes, closedLinks, policyOf };
}

describe('cut off', () => {
  test('cut off: a group → links to all others cut in both directions, links inside each side open', () => {
    expect(linksOf(['S1', 'S2', 'S3'], cutOf('S3'))).toEqual(['S1>S3', 'S2>S3', 'S3>S1', 'S3>S2']);
    expect(linksOf(FIVE, cutOf('S1', 'S2'))).toHaveLength(12);
    expect(linksOf(FIVE, cutOf(...FIVE))).toEqual([]);
  });

  test('cut off: one server → intention noted, carried out, then noted as begun', async () => {
    const { faults, notes, sent } = control();
    expect(await faults.cutOff(['S2'])).toBe('F1');
    expect(notes).toEqual(['FaultOrdered F1', 'FaultBegan F1']);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toHaveLength(8);
  });

  test('cut off: every server → refused, nothing noted', async () => {
    const { faults, notes } = control();
    await expect(faults.cutOff([...FIVE])).rejects.toThrow(/Nothing would be cut off/);
    expect(notes).toEqual([]);
  });
});

describe('links', () => {
  test('link: policy of one direction set again → replaced; pass → fault ended', async () => {
    const { faults, notes, policyOf } = control();
    expect(await faults.setLinks(['S1>S2'], { mode: 'cut' })).toBe('F1');
    expect([policyOf('S1>S2'), policyOf('S2>S1')]).toEqual(['cut', 'pass']);
    expect(await faults.setLinks(['S1>S2'], { mode: 'hold' })).toBe('F2');
    expect(policyOf('S1>S2')).toBe('hold');
    expect(await faults.setLinks(['S1>S2'], { mode: 'pass' })).toBeNull();
    expect(policyOf('S1>S2')).toBe('pass');
    const then = ['FaultOrdered F2', 'FaultEnded F1', 'FaultBegan F2', 'FaultEnded F2'];
    expect(notes).toEqual(['FaultOrdered F1', 'FaultBegan F1', ...then]);
  });

  test('link: fault on both directions, pass for one → the other direction keeps its policy', async () => {
    const { faults, sent, policyOf } = control();
    await faults.setLinks(['S1>S2', 'S2>S1'], { mode: 'cut' });
    expect(await faults.setLinks(['S1>S2'], { mode: 'pass' })).toBeNull();
    expect([policyOf('S1>S2'), policyOf('S2>S1')]).toEqual(['pass', 'cut']);
    expect(sent.at(-1)?.map(({ from, to }) => `${from}>${to}`)).toEqual(['S1>S2']);
  });

  test('link: unknown → refused with its name, nothing changed', async () => {
    const { faults, notes } = control();
    await expect(faults.setLinks(['S1>S2', 'S1>S9'], { mode: 'cut' })).rejects.toThrow(/S1>S9/);
    expect(notes).toEqual([]);
  });

  test('link: overlapping faults → the strongest holds; healed → the other holds', async () => {
    const { faults, policyOf } = control();
    const cut = await faults.cutOff(['S1']);
    const unreliable = await faults.setNetwork('unreliable');
    expect([policyOf('S1>S2'), policyOf('S2>S3')]).toEqual(['cut', 'shape']);
    await faults.heal(cut);
    expect(policyOf('S1>S2')).toBe('shape');
    expect(await faults.setNetwork('long-reordering')).not.toBe(unreliable);
    expect(await faults.heal(null)).toHaveLength(1);
    expect(policyOf('S2>S3')).toBe('pass');
  });
});

describe('groups and clients', () => {
  test('partition: servers named in no group → one more group', async () => {
    const { faults, closedLinks } = control();
    await faults.partition([['S1', 'S2'], ['S3']]);
    const together = [['S1', 'S2'], ['S3'], ['S4', 'S5']];
    const isOpen = (from: string, to: string) => together.some((group) => group.includes(from) && group.includes(to));
    const apart = FIVE.flatMap((from) =>
      FIVE.filter((to) => to !== from && !isOpen(from, to)).map((to) => `${from}>${to}`),
    );
    expect([...closedLinks()].sort()).toEqual(apart.sort());
  });

  test('partition: a server in two groups → bridge between them', async () => {
    const { faults, policyOf } = control();
    await faults.partition([
      ['S1', 'S2', 'S3'],
      ['S3', 'S4', 'S5'],
    ]);
    expect([policyOf('S1>S3'), policyOf('S3>S5'), policyOf('S1>S5')]).toEqual(['pass', 'pass', 'cut']);
    expect(await faults.heal('F1')).toEqual(['F1']);
    expect(policyOf('S1>S5')).toBe('pass');
  });

  test('cut clients: one server → both directions closed, links between servers open', async () => {
    const { faults, closedLinks } = control();
    await faults.cutClients(['S2']);
    expect([...closedLinks()].sort()).toEqual(['S2>clients', 'clients>S2']);
    await faults.cutOff(['S2']);
    expect(closedLinks()).toHaveLength(10);
    await faults.heal('F2');
    expect([...closedLinks()].sort()).toEqual(['S2>clients', 'clients>S2']);
  });

  test('partition: a second one → replaces the first in one change; one group of all → no fault', async () => {
    const { faults, notes, sent, policyOf } = control();
    expect(await faults.partition([['S1'], ['S2']])).toBe('F1');
    expect(await faults.partition([['S1', 'S2'], ['S3']])).toBe('F2');
    expect([policyOf('S1>S2'), policyOf('S1>S3')]).toEqual(['pass', 'cut']);
    expect(await faults.partition([FIVE])).toBeNull();
    expect(policyOf('S1>S3')).toBe('pass');
    expect(sent).toHaveLength(3);
    expect(notes.slice(2)).toEqual(['FaultOrdered F2', 'FaultEnded F1', 'FaultBegan F2', 'FaultEnded F2']);
  });
});

test.each([
  ['cut off', (faults: FaultControl) => faults.cutOff(['S1', 'S9'])],
  ['partition', (faults: FaultControl) => faults.partition([['S1'], ['S9']])],
  ['cut clients', (faults: FaultControl) => faults.cutClients(['S9'])],
])('%s: unknown server → refused with its name, nothing noted', async (_, begin) => {
  const { faults, notes } = control();
  await expect(begin(faults)).rejects.toMatchObject({ error: { code: 'unknown-server', params: { server: 'S9' } } });
  expect(notes).toEqual([]);
});

describe('healing', () => {
  test('heal: one of two overlapping cuts → links of the other stay closed', async () => {
    const { faults, closedLinks } = control();
    const first = await faults.cutOff(['S1']);
    await faults.cutOff(['S1', 'S2']);
    expect(await faults.heal(first)).toEqual([first]);
    expect([...closedLinks()].sort()).toEqual([...linksOf(FIVE, cutOf('S1', 'S2'))].sort());
    expect(await faults.heal(null)).toEqual(['F2']);
    expect(closedLinks()).toEqual([]);
  });

  test('heal: unknown fault → error with its name; all when there is no fault → no error', async () => {
    const { faults } = control();
    expect(await faults.heal(null)).toEqual([]);
    await expect(faults.heal('F9')).rejects.toThrow(/F9/);
  });

  test('faults: any cuts and heals in any order → the network matches the remaining faults', async () => {
    const act = fc.oneof(
      group.map((servers) => ({ servers })),
      fc.nat({ max: 9 }).map((pick) => ({ pick })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const { faults, closedLinks } = control();
        const on = new Map<string, readonly string[]>();
        for (const next of acts) {
          if ('servers' in next) on.set(await faults.cutOff([...next.servers]), next.servers);
          const ids = [...on.keys()];
          if ('pick' in next && ids.length > 0) {
            const id = ids[next.pick % ids.length] ?? '';
            await faults.heal(id);
            on.delete(id);
          }
        }
        const expected = FIVE.flatMap((from) => FIVE.map((to) => [from, to] as const)).filter(([from, to]) =>
          [...on.values()].some((servers) => servers.includes(from) !== servers.includes(to)),
        );
        expect([...closedLinks()].sort()).toEqual(expected.map(([from, to]) => `${from}>${to}`).sort());
      }),
      { numRuns: 100 },
    );
  });
});

test('network orders: policies unchanged → not sent again', () => {
  const before = policiesOf(FIVE, [cutOf('S1')]);
  const after = policiesOf(FIVE, [cutOf('S1')]);
  expect(changedOrders(before, after)).toEqual([]);
  expect(changedOrders([], policiesOf(FIVE, []))).toEqual([]);
});
