/** The store is read completely in pages that each fit into one frame, even with the largest values. */
import { expect, test } from 'vitest';
import { rules } from '../../src/core/raft/index.ts';
import { applyEntry, emptyMachine, type Machine } from '../../src/core/state-machine/index.ts';
import { MAX_FRAME_BYTES, type StoreView } from '../../src/core/wire/index.ts';
import { storeView } from '../../src/peer/views.ts';

function machineWith(count: number, value: string): { readonly machine: Machine; readonly keys: readonly string[] } {
  const keys = Array.from({ length: count }, (_, at) => `key${String(at).padStart(3, '0')}`);
  let machine = emptyMachine();
  for (const key of keys) {
    const content = { type: 'command', session: null, sequence: null, command: { op: 'set', key, value } } as const;
    machine = applyEntry(rules, machine, { ...content, index: machine.lastApplied + 1, term: 1 }).machine;
  }
  return { machine, keys };
}

test.each([
  ['two bytes a character', 200, '\u00e4'],
  ['six bytes a character', 5, '\u0001'],
])(
  'store view: largest values, %s → each key exactly once, every page fits into a frame',
  (_what, count, character) => {
    const { machine, keys } = machineWith(count, character.repeat(65_536));
    const read: string[] = [];
    let after: string | null = null;
    do {
      const page: StoreView = storeView(machine, { limit: 10_000, after });
      expect(page).toMatchObject({ lastApplied: count, total: count });
      expect(page.items.length).toBeGreaterThan(0);
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(MAX_FRAME_BYTES);
      read.push(...page.items.map(({ key }) => key));
      after = page.next;
    } while (after !== null);
    expect(read).toEqual(keys);
  },
);

test('store view: limit below the number of keys → the page names its last key', () => {
  const { machine } = machineWith(3, 'x');
  expect(storeView(machine, { limit: 2 })).toMatchObject({ items: [{}, {}], next: 'key001', total: 3 });
  expect(storeView(machine, { limit: 3 })).toMatchObject({ next: null });
});
