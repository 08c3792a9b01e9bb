/** `npm run package` with stand-ins for everything that acts, and electron-builder's configuration beside the files it names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { programFiles } from '../../src/lab/index.ts';
import { script, top } from './scripts.ts';

interface PackageActs {
  isInstalled(): boolean;
  install(): Promise<number>;
  findElectron(): string | null;
  isBuilt(): boolean;
  build(): Promise<boolean>;
  run(args: readonly string[]): Promise<number>;
}

const { builderArgs, makePackages, BUILDER, CONFIGURATION } = await script<{
  readonly BUILDER: string;
  readonly CONFIGURATION: string;
  builderArgs(job: { dist: string; arch: string; args: readonly string[] }): readonly string[];
  makePackages(job: {
    args: readonly string[];
    arch: string;
    say(line: string): void;
    words(key: string, params?: object): string;
    acts: PackageActs;
  }): Promise<number>;
}>('package.mjs');
const { withoutAppNap } = await script<{ withoutAppNap(plist: string): string }>('package-after-pack.mjs');

interface Configuration {
  readonly files: readonly string[];
  readonly extraResources: readonly { readonly from: string }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly fileAssociations: readonly { readonly ext: string }[];
  readonly afterPack: string;
  readonly linux: { readonly target: readonly string[]; readonly icon: string };
  readonly deb: Readonly<Record<string, string>>;
  readonly rpm: Readonly<Record<string, string>>;
  readonly mac: { readonly icon: string };
  readonly win: { readonly icon: string };
}

const configuration = parse(readFileSync(join(top, CONFIGURATION), 'utf8')) as Configuration;

/** Runs the script's flow; answers its exit code, what it reported and what it ran. */
async function packaged(acts: Partial<PackageActs>, args: readonly string[] = []) {
  const said: string[] = [];
  const ran: (readonly string[])[] = [];
  const code = await makePackages({
    args,
    arch: 'x64',
    say: (line) => said.push(line),
    words: (key, params) => (params === undefined ? key : `${key} ${JSON.stringify(params)}`),
    acts: {
      isInstalled: () => true,
      install: async () => 0,
      findElectron: () => '/x/electron',
      isBuilt: () => true,
      build: async () => true,
      run: async (given) => {
        ran.push(given);
        return 0;
      },
      ...acts,
    },
  });
  return { code, said, ran };
}

describe('npm run package', () => {
  test('everything there → electron-builder with our configuration, nothing published', async () => {
    const { code, said, ran } = await packaged({}, ['--dir']);
    const dist = `-c.electronDist=${join('node_modules', 'electron', 'dist')}`;
    expect([code, said]).toEqual([0, []]);
    const fixed = ['--yes', BUILDER, '--config', CONFIGURATION, '--publish', 'never'];
    expect(ran).toEqual([[...fixed, '--x64', dist, '--dir']]);
  });

  test('no binary of Electron → one sentence, code 1, nothing built or run', async () => {
    const build = () => Promise.reject(new Error('must not be built'));
    const outcome = await packaged({ findElectron: () => null, isBuilt: () => false, build });
    expect(outcome).toEqual({ code: 1, said: ['packageNeedsElectron'], ran: [] });
  });

  test.each([
    [{ isInstalled: () => false, install: async () => 7 }, ['installing', 'installFailed {"code":7}']],
    [{ isBuilt: () => false, build: async () => false }, ['building', 'buildFailed']],
    [{ run: async () => 3 }, ['packageFailed {"code":3}']],
  ] as const)('a step fails (case %#) → its sentence and code 1', async (acts, sentences) => {
    const { code, said } = await packaged(acts);
    expect([code, said]).toEqual([1, sentences]);
  });

  test('another architecture → electron-builder fetches its own Electron', () => {
    const asked = (args: readonly string[]) => builderArgs({ dist: 'd', arch: 'arm64', args }).slice(6);
    expect(asked(['--mac', '--x64'])).toEqual(['--mac', '--x64']);
    expect(asked(['--mac', '--arm64'])).toEqual(['-c.electronDist=d', '--mac', '--arm64']);
    expect(asked([])).toEqual(['--arm64', '-c.electronDist=d']);
  });
});

describe('configuration', () => {
  test('files: the entry and every program that the lab starts', () => {
    const needed = [join(top, 'out', 'main', 'index.js'), ...Object.values(programFiles(join(top, 'out', 'main')))];
    const names = needed.map((path) => path.slice(top.length + 1).replaceAll('\\', '/'));
    const packed = (name: string) => configuration.files.includes(name) || configuration.files.includes(`${name}/**`);
    expect(names.filter((name) => !packed(name))).toEqual([]);
  });

  test('every file it names is there', () => {
    const scripts = [...Object.values(configuration.deb), ...Object.values(configuration.rpm)];
    const icons = [configuration.linux.icon, configuration.mac.icon, configuration.win.icon];
    const named = [...configuration.extraResources.map(({ from }) => from), ...scripts, ...icons];
    const resources = configuration.files.filter((name) => name.startsWith('resources/'));
    const all = [...named, configuration.afterPack, ...resources.map((name) => name.replace('/**', ''))];
    expect(all.filter((name) => !existsSync(join(top, name)))).toEqual([]);
  });

  test('fuses: Node only as our children, no debugger, no options from outside', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('Linux: no AppImage and no snap, which cannot keep sandbox and reaper', () => {
    expect(configuration.linux.target).toEqual(['deb', 'rpm', 'tar.gz']);
  });

  test('file association: an extension no editor claims', () => {
    expect(configuration.fileAssociations.map(({ ext }) => ext)).toEqual(['raftscenario']);
  });
});

describe('App Nap', () => {
  const plist = '<plist version="1.0">\n  <dict>\n    <key>A</key>\n    <dict>\n    </dict>\n  </dict>\n</plist>\n';

  test('Info.plist → switched off once, in the outer dictionary', () => {
    const changed = withoutAppNap(plist);
    expect(changed).toContain('    </dict>\n    <key>LSAppNapIsDisabled</key>\n    <true/>\n  </dict>\n</plist>');
    expect(withoutAppNap(changed)).toBe(changed);
  });

  test('a binary property list → refused', () => {
    expect(() => withoutAppNap('bplist00')).toThrow(/no XML property list/);
  });
});
