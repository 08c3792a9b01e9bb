/** The ledger of a load client: numbers and answers from the client's events, as the bench compares them with the logs. */
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

test('ledger: done, unknown, done in a new session → indexes by session, 0 for what is unknown', () => {
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

test('ledger: a command sent twice → named as repeated; the next one starts anew', () => {
  const ledger = new Ledger();
  commanded(ledger, { session: 4, sequence: 1, attempts: 2 });
  ledger.answered(7);
  commanded(ledger, { session: 4, sequence: 2, attempts: 1 });
  ledger.answered(8);
  expect(ledger.repeated).toEqual([[4, 1]]);
});

test('ledger: no session could be opened → the command was never numbered and is not listed', () => {
  const ledger = new Ledger();
  commanded(ledger, { session: null, sequence: null, attempts: 0 });
  ledger.answered(null);
  expect(ledger.sessions).toEqual([]);
});
