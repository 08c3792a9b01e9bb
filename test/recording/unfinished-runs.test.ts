/** Runs whose lab died while it made them. The list marks them, and the next run removes them. Other folders stay. */
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

/** The states in which a crash can leave a new run folder. */
const STATES: Readonly<Record<string, Died>> = {
  'before any folder': async (folder) => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
  },
  'before the manifest': async (folder) => await rename(manifestIn(folder), `${manifestIn(folder)}.0a1b2c3d.tmp`),
  'in the middle of the manifest': async (folder) => await writeFile(manifestIn(folder), '{"format": 1, "run'),
  'before the trace': async () => undefined,
  'after creating the trace': async (folder) => await writeFile(runPaths(folder).events, ''),
  'in the first line of the index': async (folder) => await writeFile(runPaths(folder).index, '{"index":1,"runId":'),
};

test.for(Object.entries(STATES))('unfinished run: lab died %s → marked in the list, removed', async ([, die]) => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await die(folder);
  expect(await listRuns(dataFolder)).toMatchObject([{ runId, isUnfinished: true }]);
  await removeUnfinished(dataFolder);
  expect(await readdir(join(dataFolder, 'runs'))).toEqual([]);
});

/** Contents that make a folder without events not an unfinished run. */
const KEPT: Readonly<Record<string, Died>> = {
  'an event': async (folder) => await writeFile(runPaths(folder).events, '{'),
  'a file of a server': async (folder) => await writeFile(join(serverFolder(folder, 'S1'), 'state.json'), '{}'),
  'a foreign file': async (folder) => await writeFile(join(folder, 'notes.txt'), ''),
  'a list of processes': async (folder) => await writeFile(join(folder, 'processes.json'), '{}'),
  'a note': async (folder) => await labelManifest(folder, { note: 'for the talk' }),
  'a manifest of a later version': async (folder) => await writeFile(manifestIn(folder), '{"format":99}'),
};

test.for(Object.entries(KEPT))('run folder without events: holds %s → kept', async ([, hold]) => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await hold(folder);
  expect(await listRuns(dataFolder)).toMatchObject([{ runId, isUnfinished: false }]);
  await removeUnfinished(dataFolder);
  expect(await readdir(join(dataFolder, 'runs'))).toEqual([runId]);
});
