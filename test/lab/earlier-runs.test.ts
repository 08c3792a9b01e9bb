/** Recordings of earlier versions: moved whole, none lost, and reported to the person once. */
import { chmod, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bringEarlierRuns, earlierRunsSentences } from '../../src/lab/earlier-runs.ts';
import { lockDataFolder, lockRun } from '../../src/recording/lock.ts';
import { createRunFolder, listRuns, runPaths } from '../../src/recording/run-folder.ts';
import { settings } from '../core/trace/story.ts';
import { temporaryFolder } from '../recording/helpers.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, rename: vi.fn(real.rename) };
});

async function places() {
  const top = await temporaryFolder();
  const [folder, window, installed] = ['data', 'window', 'installed'].map((name) => join(top, name)) as [
    string,
    string,
    string,
  ];
  return { folder, earlier: [window, installed, join(top, 'never')], window, installed };
}

async function record(dataFolder: string, text: string): Promise<string> {
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await writeFile(runPaths(folder).events, text);
  return runId;
}

const events = (folder: string, runId: string) => readFile(runPaths(join(folder, 'runs', runId)).events, 'utf8');

test('earlier runs: two earlier folders → all listed with their content, reported once', async () => {
  const { folder, earlier, window, installed } = await places();
  const [own, one, two, three] = [
    await record(folder, 'own'),
    await record(window, 'one'),
    await record(window, 'two'),
    await record(installed, 'three'),
  ];
  await mkdir(join(window, 'Cache'));
  const brought = await bringEarlierRuns({ folder, earlier });
  const to = join(folder, 'runs');
  expect(brought).toEqual([
    { from: window, to, moved: 2, left: 0 },
    { from: installed, to, moved: 1, left: 0 },
  ]);
  expect((await listRuns(folder)).map(({ runId, ok }) => [runId, ok]).sort()).toEqual(
    [own, one, two, three].map((runId) => [runId, true]).sort(),
  );
  expect([await events(folder, one), await events(folder, three), await events(folder, own)]).toEqual([
    'one',
    'three',
    'own',
  ]);
  expect(await readdir(window)).toEqual(['Cache']);
  expect(await bringEarlierRuns({ folder, earlier })).toEqual([]);
});

test('earlier runs: an earlier version is running → nothing moved, the next start tries again', async () => {
  const { folder, earlier, window } = await places();
  const runId = await record(window, 'live');
  const lock = await lockDataFolder(window);
  expect(await bringEarlierRuns({ folder, earlier })).toEqual([]);
  expect(await events(window, runId)).toBe('live');
  if (lock.ok) await lock.lock.release();
  expect(await bringEarlierRuns({ folder, earlier })).toMatchObject([{ moved: 1, left: 0 }]);
});

test('earlier runs: on another disk, open, or the name is taken → stay, and are named once', async () => {
  const { folder, earlier, window } = await places();
  const [far, open, taken] = [await record(window, 'far'), await record(window, 'open'), await record(window, 'taken')];
  await mkdir(join(folder, 'runs', taken), { recursive: true });
  const lock = await lockRun(join(window, 'runs', open));
  vi.mocked(rename).mockRejectedValueOnce(Object.assign(new Error('EXDEV'), { code: 'EXDEV' }));
  const brought = await bringEarlierRuns({ folder, earlier });
  expect(brought).toMatchObject([{ from: window, moved: 0, left: 3 }]);
  expect(await Promise.all([far, open, taken].map((runId) => events(window, runId)))).toEqual(['far', 'open', 'taken']);
  if (lock.ok) await lock.lock.release();
  vi.mocked(rename).mockRejectedValue(new Error('EACCES'));
  expect(await bringEarlierRuns({ folder, earlier })).toEqual([]);
  vi.mocked(rename).mockRestore();
});

test.runIf(process.getuid?.() !== 0)('earlier runs: an unreadable folder → skipped', async () => {
  const { folder, earlier, window } = await places();
  await record(window, 'private');
  await chmod(join(window, 'runs'), 0o000);
  expect(await bringEarlierRuns({ folder, earlier })).toEqual([]);
  await chmod(join(window, 'runs'), 0o700);
});

test.skipIf(process.platform === 'win32')(
  'earlier runs: the folder is a link to the data folder → nothing to do',
  async () => {
    const { folder, earlier, window } = await places();
    await record(folder, 'own');
    await symlink(folder, window);
    expect(await bringEarlierRuns({ folder, earlier })).toEqual([]);
    expect(await listRuns(folder)).toHaveLength(1);
  },
);

test('earlier runs: report → one sentence for the moved ones, one for the others', () => {
  const words = { moved: '{{count}} {{from}} > {{to}}', left: '{{count}} stay in {{from}}' };
  const found = { from: '/a$&', to: '/b', moved: 2, left: 1 };
  expect(earlierRunsSentences([found], words)).toEqual(['2 /a$& > /b', '1 stay in /a$&']);
  expect(earlierRunsSentences([{ ...found, left: 0 }], words)).toHaveLength(1);
});
