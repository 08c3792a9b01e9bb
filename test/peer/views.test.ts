/** What a server says of its store fits into one frame, however large the values are. */
import { expect, test } from 'vitest';
import { rules } from '../../src/core/raft/index.ts';
import { applyEntry, emptyMachine } from '../../src/core/state-machine/index.ts';
import { MAX_FRAME_BYTES } from '../../src/core/wire/index.ts';
import { storeView } from '../../src/peer/views.ts';

test('a store of large values is shown as far as one frame holds it, with the number of all keys', () => {
  let machine = emptyMachine();
  for (let index = 1; index <= 200; index += 1) {
    const command = { op: 'set', key: `key${String(index).padStart(3, '0')}`, value: '\u00e4'.repeat(65_536) };
    const content = { type: 'command', session: null, sequence: null, command } as const;
    machine = applyEntry(rules, machine, { ...content, index, term: 1 }).machine;
  }
  const view = storeView(machine, 10_000);
  expect(view).toMatchObject({ lastApplied: 200, total: 200 });
  expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(MAX_FRAME_BYTES);
  expect(view.items.length).toBeGreaterThan(20);
  expect(view.items.map(({ key }) => key)).toEqual(
    Array.from({ length: view.items.length }, (_, at) => `key${String(at + 1).padStart(3, '0')}`),
  );
  expect(storeView(machine, 2).items).toHaveLength(2);
});
