/** Runs whose lab died while it made them: said in the list, removed before the next one, and nothing else is touched. */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labelManifest } from '../../src/recording/manifest.ts';
import { createRunFolder, listRuns, runPaths, serverFolder } from '../../src/recording/run-folder.ts';
import { removeUnfinished } from '../../src/recording/unfinished-runs.ts';
import { settings } from '../core/trace/story.ts';
import { temporaryFolder } from './helpers.ts';

type Died = (folder: string) => Promise<void>;

const manifestIn = (folder: string): string => join(folder, 'manifest.json');

/** The states in which the making of a run can be broken off. */
const STATES: Readonly<Record<string, Died>> = {
  'before any folder': async (folder) => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
  },
  'before the manifest': async (folder) => await rename(manifestIn(folder), `${manifestIn(folder)}.0a1b2c3d.tmp`),
  'half a manifest': async (folder) => await writeFile(manifestIn(folder), '{"format": 1, "run'),
  'before the trace': async () => undefined,
  'an empty trace': async (folder) => await writeFile(runPaths(folder).events, ''),
  'the first line of an index': async (folder) => await writeFile(runPaths(folder).index, '{"index":1,"runId":'),
};

test.for(Object.entries(STATES))('runs: died while it was made (%s) → said, then removed', async ([, die]) => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await die(folder);
  expect(await listRuns(dataFolder)).toMatchObject([{ runId, isUnfinished: true }]);
  await removeUnfinished(dataFolder);
  expect(await readdir(join(dataFolder, 'runs'))).toEqual([]);
});

/** Folders that must never be taken for an unfinished run. */
const KEPT: Readonly<Record<string, Died>> = {
  'an event': async (folder) => await writeFile(runPaths(folder).events, '{'),
  'a file of a server': async (folder) => await writeFile(join(serverFolder(folder, 'S1'), 'state.json'), '{}'),
  'a file of somebody': async (folder) => await writeFile(join(folder, 'notes.txt'), ''),
  'a list of processes': async (folder) => await writeFile(join(folder, 'processes.json'), '{}'),
  'a note': async (folder) => await labelManifest(folder, { note: 'for the talk' }),
  'a manifest of a later version': async (folder) => await writeFile(manifestIn(folder), '{"format":99}'),
};

test.for(Object.entries(KEPT))('runs: holds no event but %s → it stays', async ([, hold]) => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await hold(folder);
  expect(await listRuns(dataFolder)).toMatchObject([{ runId, isUnfinished: false }]);
  await removeUnfinished(dataFolder);
  expect(await readdir(join(dataFolder, 'runs'))).toEqual([runId]);
});
