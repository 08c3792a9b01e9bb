/** The one rule for the data folder: the platform's own place, always an absolute path. */
import { tmpdir } from 'node:os';
import { isAbsolute } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { dataFolders, type Machine } from '../../src/lab/data-folder.ts';
import { temporaryRoot } from '../../src/program/temporary-root.ts';

afterEach(() => vi.unstubAllEnvs());

function machine(platform: NodeJS.Platform, env: Machine['env'], home = '/home/ada'): Machine {
  return { platform, env, workingFolder: '/here', home: () => home };
}
/** Throws as `os.homedir` does for a uid without HOME and without an entry in the list of users. */
const homeless = {
  ...machine('linux', {}),
  home: () => {
    throw new Error('ENOENT: uv_os_homedir');
  },
};

test.each([
  ['linux', {}, '/home/ada/.local/share/raft-lab'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/raft-lab'],
  ['linux', { XDG_DATA_HOME: 'data' }, '/home/ada/.local/share/raft-lab'],
  ['freebsd', {}, '/home/ada/.local/share/raft-lab'],
  ['darwin', {}, '/home/ada/Library/Application Support/Raft Lab'],
  ['linux', { RAFT_LAB_DATA_DIR: '/elsewhere' }, '/elsewhere'],
  ['linux', { RAFT_LAB_DATA_DIR: 'runs-here' }, '/here/runs-here'],
] as const)('data folder: %s with %j → %s', (platform, env, folder) => {
  expect(dataFolders(machine(platform, env)).folder).toBe(folder);
});

test.each([
  [{ LOCALAPPDATA: 'D:\\Local', APPDATA: 'D:\\Roaming' }, 'D:\\Local\\Raft Lab'],
  [{ LOCALAPPDATA: 'Local' }, 'C:\\Users\\ada\\AppData\\Local\\Raft Lab'],
  [{}, 'C:\\Users\\ada\\AppData\\Local\\Raft Lab'],
] as const)('data folder: Windows with %j → the local one, not the roaming one', (env, folder) => {
  expect(dataFolders(machine('win32', env, 'C:\\Users\\ada')).folder).toBe(folder);
});

test('data folder: HOME is relative → resolved to an absolute path', () => {
  expect(dataFolders(machine('linux', {}, 'ada')).folder).toBe('/here/ada/.local/share/raft-lab');
});

test('data folder: --data → resolved, and comes before the environment', () => {
  const named = dataFolders(machine('linux', { RAFT_LAB_DATA_DIR: '/elsewhere' }), 'named');
  expect(named).toEqual({ folder: '/here/named', earlier: [] });
});

test('data folder: no home is known → a named one works, otherwise a sentence', () => {
  expect(dataFolders(homeless, '/named').folder).toBe('/named');
  expect(dataFolders({ ...homeless, env: { XDG_DATA_HOME: '/data' } })).toEqual({
    folder: '/data/raft-lab',
    earlier: [],
  });
  for (const one of [homeless, machine('linux', {}, '')]) {
    expect(() => dataFolders(one)).toThrow(/RAFT_LAB_DATA_DIR or --data/);
  }
});

test.each([
  ['linux', {}, ['/home/ada/.config/raft-lab', '/home/ada/.config/Raft Lab']],
  ['linux', { XDG_CONFIG_HOME: '/etc/ada' }, ['/etc/ada/raft-lab', '/etc/ada/Raft Lab']],
  ['linux', { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: '/c' }, ['/c/raft-lab', '/c/Raft Lab', '/here/data/raft-lab']],
  ['darwin', {}, ['/home/ada/Library/Application Support/raft-lab']],
] as const)('earlier folders: %s with %j → %j', (platform, env, earlier) => {
  expect(dataFolders(machine(platform, env)).earlier).toEqual(earlier);
});

test('earlier folders: Windows → both names in the roaming folder', () => {
  const earlier = ['C:\\Users\\ada\\AppData\\Roaming\\raft-lab', 'C:\\Users\\ada\\AppData\\Roaming\\Raft Lab'];
  expect(dataFolders(machine('win32', {}, 'C:\\Users\\ada')).earlier).toEqual(earlier);
});

test('temporary folder: TMPDIR is relative → absolute', () => {
  vi.stubEnv('TMPDIR', 'tmp-here');
  vi.stubEnv('TEMP', 'tmp-here');
  expect(isAbsolute(tmpdir())).toBe(false);
  expect(isAbsolute(temporaryRoot())).toBe(true);
});
