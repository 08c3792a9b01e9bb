/** Keep alive restarts servers that ended, and switches off when a server ends by itself too often. */
import { expect, test } from 'vitest';
import { CRASH_LOOP, KeepAlive } from '../../src/cluster/keep-alive.ts';
import type { LabEvent } from '../../src/core/trace/index.ts';

function stage() {
  const clock = { ms: 0 };
  const notes: LabEvent[] = [];
  const started: string[] = [];
  const keepAlive = new KeepAlive({
    note: (event) => notes.push(event),
    nowMs: () => clock.ms,
    restart: async (server) => {
      started.push(server);
    },
  });
  const gone = (server: string, ordered: boolean) => keepAlive.gone({ server, ordered, stderr: ['first', 'last'] });
  return { clock, notes, started, keepAlive, gone };
}

test('keep alive: off → no restart; on → every ended server restarts, whatever the cause', async () => {
  const { keepAlive, started, gone, notes } = stage();
  await gone('S1', true);
  keepAlive.set(true);
  keepAlive.set(true);
  await gone('S1', true);
  await gone('S2', false);
  keepAlive.set(false);
  await gone('S3', false);
  expect(started).toEqual(['S1', 'S2']);
  expect(notes).toEqual([
    { event: 'KeepAliveChanged', on: true },
    { event: 'KeepAliveChanged', on: false },
  ]);
});

test('keep alive: one server ends by itself three times within 10 s → off, with its last lines', async () => {
  const { keepAlive, started, gone, notes } = stage();
  keepAlive.set(true);
  await gone('S1', false);
  await gone('S1', false);
  await gone('S2', false);
  for (let at = 0; at < 10; at += 1) await gone('S1', true);
  const before = started.length;
  await gone('S1', false);
  expect(started).toHaveLength(before);
  const words = { server: 'S1', ...CRASH_LOOP, stderr: ['first', 'last'] };
  expect(notes.at(-1)).toEqual({ event: 'KeepAliveGaveUp', ...words });
  await gone('S2', true);
  expect(started).toHaveLength(before);
});

test('keep alive: exits far apart, or switched on again → the count starts anew', async () => {
  const { keepAlive, started, gone, clock } = stage();
  keepAlive.set(true);
  for (let at = 0; at < 5; at += 1) {
    clock.ms += CRASH_LOOP.withinMs / 2;
    await gone('S1', false);
  }
  expect(started).toHaveLength(5);
  await gone('S1', false);
  keepAlive.set(false);
  keepAlive.set(true);
  await gone('S1', false);
  await gone('S1', false);
  expect(started).toHaveLength(7);
});
