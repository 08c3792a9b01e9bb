/**
 * The ledger of a load client: it collects numbers and answers from the client's events, for the bench to compare with
 * the logs.
 */
import { expect, test } from 'vitest';
import type { EventBody, Json } from '../../src/core/wire/index.ts';
import { Ledger } from '../../src/load/ledger.ts';

function event(name: string, fields: Readonly<Record<string, Json>>): EventBody {
  return { timeUs: 1, nseq: 1, life: 1, event: name, ...fields };
}

function commanded(ledger: Ledger, of: { session: number | null; sequence: number | null; attempts: number }): void {
  const { session, sequence, attempts } = of;
  ledger.heard(event('CommandInvoked', { operation: 'C1.1.op1', client: 'C1', session, sequence, command: {} }));
  for (let attempt = 1; attempt <= attempts; attempt += 1) ledger.heard(event('CommandSent', { to: 'S1', attempt }));
}

test('ledger: done, unknown, done in a new session → indexes by session, 0 for unknown', () => {
  const ledger = new Ledger();
  commanded(ledger, { session: 4, sequence: 1, attempts: 1 });
  ledger.answered(7);
  commanded(ledger, { session: 4, sequence: 2, attempts: 1 });
  ledger.answered(null);
  commanded(ledger, { session: 12, sequence: 1, attempts: 1 });
  ledger.answered(13);
  expect(ledger.sessions).toEqual([
    [4, [7, 0]],
    [12, [13]],
  ]);
  expect(ledger.repeated).toEqual([]);
});

test('ledger: command sent twice → listed as repeated; the next command → not', () => {
  const ledger = new Ledger();
  commanded(ledger, { session: 4, sequence: 1, attempts: 2 });
  ledger.answered(7);
  commanded(ledger, { session: 4, sequence: 2, attempts: 1 });
  ledger.answered(8);
  expect(ledger.repeated).toEqual([[4, 1]]);
});

test('ledger: no session could be opened → the command has no number and is not listed', () => {
  const ledger = new Ledger();
  commanded(ledger, { session: null, sequence: null, attempts: 0 });
  ledger.answered(null);
  expect(ledger.sessions).toEqual([]);
});
