/** The folder of the recordings that was chosen in the settings, as browser and terminal look for it. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/core/lab-api/index.ts';
import { chosenRecordingsFolder } from '../../src/lab/chosen-folder.ts';
import { saveSettings } from '../../src/lab/settings-file.ts';

let usual: string;
let chosen: string;

beforeEach(() => {
  usual = mkdtempSync(join(tmpdir(), 'raft-lab-usual-'));
  chosen = join(usual, 'disk', 'runs');
});

afterEach(() => {
  rmSync(usual, { recursive: true, force: true });
});

const choose = (dataFolder: string | null): void => saveSettings(usual, { ...DEFAULT_SETTINGS, dataFolder });

test('folder: none chosen → the usual one', () => {
  expect(chosenRecordingsFolder(usual)).toEqual({ folder: usual, problem: null });
  choose(null);
  expect(chosenRecordingsFolder(usual)).toEqual({ folder: usual, problem: null });
});

test('folder: one chosen → that one, made when it is missing', () => {
  choose(chosen);
  expect(chosenRecordingsFolder(usual)).toEqual({ folder: chosen, problem: null });
  expect(existsSync(chosen)).toBe(true);
});

test('folder: the chosen one cannot be used → the usual one, and a sentence', () => {
  writeFileSync(join(usual, 'disk'), '');
  choose(chosen);
  const { folder, problem } = chosenRecordingsFolder(usual);
  expect([folder, problem]).toEqual([usual, expect.stringContaining(`${chosen} cannot be used`)]);
});

test('folder: damaged settings → the usual one, and the file is left as it is', () => {
  writeFileSync(join(usual, 'settings.json'), '{');
  expect(chosenRecordingsFolder(usual)).toEqual({ folder: usual, problem: null });
  expect(readdirSync(usual)).toEqual(['settings.json']);
});
