/** The folder of the recordings chosen in the settings, as browser and terminal find it. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/core/lab-api/index.ts';
import { chosenRecordingsFolder, recordingsFolder, unusableFolderSentence } from '../../src/lab/chosen-folder.ts';
import { writeProblem } from '../../src/lab/folder-probes.ts';
import { saveSettings } from '../../src/lab/settings-file.ts';
import { TRANSLATIONS } from '../../src/translations/index.ts';

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
  expect(chosenRecordingsFolder(usual, 'write')).toEqual({ folder: usual, unusable: null });
  choose(null);
  expect(chosenRecordingsFolder(usual, 'write')).toEqual({ folder: usual, unusable: null });
});

test('folder: one chosen → that one, made when it is missing', () => {
  choose(chosen);
  expect(chosenRecordingsFolder(usual, 'write')).toEqual({ folder: chosen, unusable: null });
  expect(existsSync(chosen)).toBe(true);
});

test('folder: the chosen one cannot be used → the usual one, and a sentence', () => {
  writeFileSync(join(usual, 'disk'), '');
  choose(chosen);
  const { folder, unusable } = chosenRecordingsFolder(usual, 'write');
  expect([folder, unusable]).toEqual([usual, { path: chosen, errno: 'ENOTDIR' }]);
  expect(unusableFolderSentence({ path: '/a/$&', errno: 'EIO' }, '/b', TRANSLATIONS.en.chosenFolder)).toBe(
    '/a/$& cannot be used (EIO); recordings are in /b.',
  );
});

test('folder: tested by writing → no file is left in it', () => {
  choose(chosen);
  chosenRecordingsFolder(usual, 'write');
  expect(readdirSync(chosen)).toEqual([]);
});

test.runIf(process.platform === 'linux')('folder: its parent allows no new folder → refused at once', async () => {
  const path = '/proc/raft-lab/runs';
  expect(recordingsFolder(usual, path, 'write')).toEqual({ folder: usual, unusable: { path, errno: 'ENOENT' } });
  expect(await writeProblem(path)).toContain('ENOENT');
});

test('folder: only read, and the chosen one is gone → the usual one; the chosen one is not made', () => {
  choose(chosen);
  const unusable = { path: chosen, errno: 'ENOENT' };
  expect(chosenRecordingsFolder(usual, 'read')).toEqual({ folder: usual, unusable });
  expect(existsSync(chosen)).toBe(false);
});

test('folder: damaged settings → the usual one, and the file is left as it is', () => {
  writeFileSync(join(usual, 'settings.json'), '{');
  expect(chosenRecordingsFolder(usual, 'write')).toEqual({ folder: usual, unusable: null });
  expect(readdirSync(usual)).toEqual(['settings.json']);
});
