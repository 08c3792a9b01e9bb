/** Counts of a recording inside a window: bytes to the byte, and no count when a line cannot be read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trafficIn } from '../../../src/cli/bench/trace-window.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-trace-window-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recorded(...lines: readonly string[]): string {
  const file = join(folder, 'events.jsonl');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

const sent = (timeUs: number, bytes: number): string => JSON.stringify({ timeUs, event: 'MessageSent', bytes });

test('trace window: events at both ends → the first is counted, the last is not', async () => {
  const elected = JSON.stringify({ timeUs: 15, event: 'LeaderElected', note: '领袖' });
  const file = recorded(sent(9, 1), sent(10, 300), elected, sent(19, 200), sent(20, 1));
  const inside = [sent(10, 300), elected, sent(19, 200)];
  expect(await trafficIn(file, { fromUs: 10, toUs: 20 })).toEqual({
    events: 3,
    messages: 2,
    linkBytes: 500,
    elections: 1,
    traceBytes: inside.reduce((bytes, line) => bytes + Buffer.byteLength(line) + 1, 0),
  });
});

test('trace window: a line that is not an event → null', async () => {
  expect(await trafficIn(recorded(sent(10, 1), '{"timeUs":1'), { fromUs: 0, toUs: 20 })).toBeNull();
  expect(await trafficIn(recorded('{"event":"MessageSent"}'), { fromUs: 0, toUs: 20 })).toBeNull();
});
