/** The load generator's orders are read completely, or refused with a sentence about the problem. */
import { expect, test } from 'vitest';
import { type LoadOrders, readOrders } from '../../src/load/orders.ts';

const orders: LoadOrders = {
  runId: 'R1',
  secret: 's',
  networkUrl: 'ws://127.0.0.1:1',
  originNs: '-5',
  servers: ['S1'],
  clients: 4,
  warmUpMs: 0,
  measureMs: 1000,
  valueBytes: 100,
  keys: 10,
};

test('load orders: complete → read as they were written', () => {
  expect(readOrders(JSON.stringify(orders))).toEqual(orders);
});

test.each([
  ['no JSON', '{', 'not JSON'],
  ['no clients', JSON.stringify({ ...orders, clients: 0 }), '>=1'],
  ['a field too many', JSON.stringify({ ...orders, more: 1 }), 'more'],
])('load orders: %s → refused with a sentence', (_, text, named) => {
  expect(readOrders(text)).toEqual({ problem: expect.stringContaining(named) });
});
