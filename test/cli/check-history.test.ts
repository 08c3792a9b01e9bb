/**
 * `raft-lab check` of published histories: an interruption in the middle of a long search, and an error with its line.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { EXIT } from '../../src/cli/exit.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { createSay } from '../../src/cli/words.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function terminalWith(interrupted: AbortSignal): { readonly terminal: Terminal; readonly lines: string[] } {
  const lines: string[] = [];
  const terminal: Terminal = {
    say: createSay('en'),
    language: 'en',
    print: (line) => lines.push(line),
    note: (line) => lines.push(line),
    dataFolder: folder,
    launcher: {
      program: 'raft-lab',
      language: 'en',
      node: { found: '', wanted: '', isNew: true },
      electron: null,
      hasDisplay: false,
    },
    programFolder: folder,
    interrupted,
  };
  return { terminal, lines };
}

const row = (client: number, type: string, f: string, value: unknown): string =>
  `{:process ${client}, :type :${type}, :f :${f}, :value ${value}}`;

test('check: history that needs a long search, interrupted → exit code 130, no verdict', async () => {
  const writes = Array.from({ length: 40 }, (_, at) => at);
  const path = join(folder, 'hard.edn');
  const begun = [...writes.map((at) => row(at, 'invoke', 'write', at)), row(99, 'invoke', 'read', 'nil')];
  const ended = [...writes.map((at) => row(at, 'ok', 'write', at)), row(99, 'ok', 'read', 777)];
  writeFileSync(path, [...begun, ...ended].join('\n'));
  const interruption = new AbortController();
  const { terminal, lines } = terminalWith(interruption.signal);
  // The timer fires only when the search lets other work run.
  const timer = setTimeout(() => interruption.abort(), 100);
  expect(await check(terminal, { what: path, format: 'jepsen-edn', json: false })).toBe(EXIT.interrupted);
  clearTimeout(timer);
  expect(lines).toEqual([]);
});

test('check: history that is not UTF-8 → refused with the line, no verdict', async () => {
  const path = join(folder, 'latin1.edn');
  writeFileSync(path, Buffer.from(`${row(1, 'invoke', 'write', 1)}\n; caf\u00e9\n`, 'latin1'));
  const { terminal, lines } = terminalWith(new AbortController().signal);
  expect(await check(terminal, { what: path, format: 'jepsen-edn', json: false })).toBe(EXIT.undecided);
  expect(lines).toEqual([`${path}: line 2: this is not UTF-8 text`]);
});
