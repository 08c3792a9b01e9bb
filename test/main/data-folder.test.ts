/** The window uses the data folder of all doors, with a folder for Chromium's files, and reports moved recordings once. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runApp, type Surroundings } from '../../src/main/run-app.ts';
import { createRunFolder } from '../../src/recording/run-folder.ts';
import { settings } from '../core/trace/story.ts';
import { createElectron } from '../helpers/electron.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'raft-lab-home-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

async function start(env: Surroundings['env'], languages = ['en-GB']) {
  const electron = createElectron({ logs: home, languages });
  const around = {
    createLab: createFakeLab,
    folder: home,
    platform: 'linux',
    process: { on: () => undefined, off: () => undefined },
  } as const;
  await runApp(electron.parts, { ...around, env, home: () => home });
  return electron;
}

test('window: no folder named → data folder of all doors, with a folder for Chromium’s files', async () => {
  const { order } = await start({});
  const folder = join(home, '.local', 'share', 'raft-lab');
  expect(order.slice(0, 3)).toEqual([
    `setPath userData ${folder}`,
    `setPath sessionData ${join(folder, 'window')}`,
    'enableSandbox',
  ]);
  expect(readdirSync(folder).sort()).toEqual(['logs', 'window']);
});

test('window: RAFT_LAB_DATA_DIR is relative → resolved, as in the browser', async () => {
  const folder = join('node_modules', '.cache', `raft-lab-${process.pid}`);
  const { order } = await start({ RAFT_LAB_DATA_DIR: folder });
  expect(order[0]).toBe(`setPath userData ${join(process.cwd(), folder)}`);
  rmSync(folder, { recursive: true });
});

test.each([
  ['en-GB', 'Recordings of an earlier version: 1 moved from'],
  ['zh-CN', '早期版本的录制：1 个已从'],
])('window: recordings of an earlier version, in %s → moved, and a box says so once', async (language, sentence) => {
  const earlier = join(home, '.config', 'Raft Lab');
  const { runId } = await createRunFolder({ dataFolder: earlier, settings, raftLab: '0.1.0' });
  const first = await start({}, [language]);
  expect(readdirSync(join(home, '.local', 'share', 'raft-lab', 'runs'))).toEqual([runId]);
  expect(first.dialog.showMessageBox).not.toHaveBeenCalled();
  first.windows[0]?.emit('ready-to-show');
  expect(first.dialog.showMessageBox.mock.calls).toMatchObject([[first.windows[0], { type: 'info' }]]);
  const told = first.dialog.showMessageBox.mock.calls[0]?.[1] as { readonly message: string };
  expect(told.message).toContain(sentence);
  const second = await start({}, [language]);
  second.windows[0]?.emit('ready-to-show');
  expect(second.dialog.showMessageBox).not.toHaveBeenCalled();
});
