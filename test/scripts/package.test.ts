/**
 * `npm run package` with stand-ins for all actions, and electron-builder's configuration compared with the files it
 * names.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { programFiles } from '../../src/lab/index.ts';
import { exportedRun } from '../helpers/exported-run.ts';
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

const TYPE_FILE = 'resources/packaging/recording-type.xml';

interface MaintainerScripts {
  readonly afterInstall: string;
  readonly afterRemove: string;
  readonly fpm: readonly string[];
}

interface Configuration {
  readonly files: readonly string[];
  readonly extraResources: readonly { readonly from: string }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly fileAssociations: readonly { readonly ext: string }[];
  readonly afterPack: string;
  readonly linux: { readonly target: readonly string[]; readonly icon: string; readonly mimeTypes: readonly string[] };
  readonly deb: MaintainerScripts;
  readonly rpm: MaintainerScripts;
  readonly mac: { readonly icon: string; readonly fileAssociations: readonly object[] };
  readonly nsis: { readonly include: string };
  readonly win: { readonly icon: string };
}

const configuration = parse(readFileSync(join(top, CONFIGURATION), 'utf8')) as Configuration;

/**
 * Runs the script's flow.
 * @returns its exit code, its output and the calls it made
 */
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
  test('package: Electron installed → electron-builder with our configuration, not published', async () => {
    const { code, said, ran } = await packaged({}, ['--dir']);
    const dist = `-c.electronDist=${join('node_modules', 'electron', 'dist')}`;
    expect([code, said]).toEqual([0, []]);
    const fixed = ['--yes', BUILDER, '--config', CONFIGURATION, '--publish', 'never'];
    expect(ran).toEqual([[...fixed, '--x64', dist, '--dir']]);
  });

  test('package: Electron’s binary missing → one sentence, code 1, nothing built or run', async () => {
    const build = () => Promise.reject(new Error('must not be built'));
    const outcome = await packaged({ findElectron: () => null, isBuilt: () => false, build });
    expect(outcome).toEqual({ code: 1, said: ['packageNeedsElectron'], ran: [] });
  });

  test.each([
    [{ isInstalled: () => false, install: async () => 7 }, ['installing', 'installFailed {"code":7}']],
    [{ isBuilt: () => false, build: async () => false }, ['building', 'buildFailed']],
    [{ run: async () => 3 }, ['packageFailed {"code":3}']],
  ] as const)('package: a step fails (case %#) → its sentence and code 1', async (acts, sentences) => {
    const { code, said } = await packaged(acts);
    expect([code, said]).toEqual([1, sentences]);
  });

  test('package: another architecture → electron-builder fetches its own Electron', () => {
    const asked = (args: readonly string[]) => builderArgs({ dist: 'd', arch: 'arm64', args }).slice(6);
    expect(asked(['--mac', '--x64'])).toEqual(['--mac', '--x64']);
    expect(asked(['--mac', '--arm64'])).toEqual(['-c.electronDist=d', '--mac', '--arm64']);
    expect(asked([])).toEqual(['--arm64', '-c.electronDist=d']);
  });
});

describe('configuration', () => {
  test('files: listed → the entry and every program that the lab starts', () => {
    const needed = [join(top, 'out', 'main', 'index.js'), ...Object.values(programFiles(join(top, 'out', 'main')))];
    const names = needed.map((path) => path.slice(top.length + 1).replaceAll('\\', '/'));
    const packed = (name: string) => configuration.files.includes(name) || configuration.files.includes(`${name}/**`);
    expect(names.filter((name) => !packed(name))).toEqual([]);
  });

  test('files it names: each one → exists', () => {
    const { deb, rpm, nsis } = configuration;
    const scripts = [deb, rpm].flatMap(({ afterInstall, afterRemove }) => [afterInstall, afterRemove]);
    const icons = [configuration.linux.icon, configuration.mac.icon, configuration.win.icon];
    const named = [
      ...configuration.extraResources.map(({ from }) => from),
      ...scripts,
      ...icons,
      nsis.include,
      TYPE_FILE,
    ];
    const resources = configuration.files.filter((name) => name.startsWith('resources/'));
    const all = [...named, configuration.afterPack, ...resources.map((name) => name.replace('/**', ''))];
    expect(all.filter((name) => !existsSync(join(top, name)))).toEqual([]);
  });

  test('fuses: set → Node only for our child processes, no debugger, no options from outside', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('Linux: targets → no AppImage and no snap, which cannot keep sandbox and reaper', () => {
    expect(configuration.linux.target).toEqual(['deb', 'rpm', 'tar.gz']);
  });

  test('file association: scenario → an extension that no editor claims', () => {
    expect(configuration.fileAssociations.map(({ ext }) => ext)).toEqual(['raftscenario']);
  });

  test('recordings, macOS and Windows: .jsonl → offered and never claimed', () => {
    expect(configuration.mac.fileAssociations).toEqual([
      { ext: 'jsonl', name: 'Raft Lab recording', role: 'Viewer', rank: 'Alternate' },
    ]);
    const installer = readFileSync(join(top, configuration.nsis.include), 'utf8').replaceAll(
      /\$\{RECORDING_CLASS\}/g,
      'CLASS',
    );
    const written = [...installer.matchAll(/^ +(WriteReg\w+|DeleteReg\w+) (.*)$/gm)].map(([, what, where]) => [
      what,
      where,
    ]);
    const ofExtension = written.filter(([, where]) => where?.includes('.jsonl'));
    const offer = 'SHELL_CONTEXT "Software\\Classes\\.jsonl\\OpenWithProgids" "CLASS"';
    expect(ofExtension).toEqual([
      ['WriteRegStr', `${offer} ""`],
      ['DeleteRegValue', offer],
    ]);
    expect(written.at(-1)).toEqual(['DeleteRegKey', 'SHELL_CONTEXT "Software\\Classes\\CLASS"']);
  });

  test('recordings, Linux: type by content → in the desktop file and both packages', async ({ skip }) => {
    const [type = ''] = configuration.linux.mimeTypes;
    for (const { fpm } of [configuration.deb, configuration.rpm]) {
      expect(fpm).toEqual([`${TYPE_FILE}=/usr/share/mime/packages/raft-lab-recording.xml`]);
    }
    const text = readFileSync(join(top, TYPE_FILE), 'utf8');
    expect([text.includes(`type="${type}"`), text.includes('<glob')]).toEqual([true, false]);
    const scratch = mkdtempSync(join(tmpdir(), 'raft-lab-mime-'));
    try {
      mkdirSync(join(scratch, 'mime', 'packages'), { recursive: true });
      writeFileSync(join(scratch, 'mime', 'packages', 'raft-lab-recording.xml'), text);
      const typeOf = (name: string, content: string | Buffer): string => {
        writeFileSync(join(scratch, name), content);
        const env = { ...process.env, XDG_DATA_HOME: scratch, LC_ALL: 'C' };
        const args = ['info', '-a', 'standard::content-type', join(scratch, name)];
        return /content-type: (\S+)/.exec(execFileSync('gio', args, { env, encoding: 'utf8' }))?.[1] ?? '';
      };
      if (spawnSync('update-mime-database', [join(scratch, 'mime')]).status !== 0)
        return skip('no update-mime-database');
      if (spawnSync('gio', ['version']).status !== 0) return skip('no gio to ask for types');
      expect(typeOf('exam.jsonl', await exportedRun())).toBe(type);
      // The recorder writes the settings as first field.
      expect(typeOf('recorded.jsonl', (await exportedRun()).toString().replace(/"traceVersion":\d+,/, ''))).toBe(type);
      expect(typeOf('other.jsonl', '{"seq":1,"timeUs":5}\n')).not.toBe(type);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});

describe('App Nap', () => {
  const plist = '<plist version="1.0">\n  <dict>\n    <key>A</key>\n    <dict>\n    </dict>\n  </dict>\n</plist>\n';

  test('Info.plist: App Nap on → turned off once, in the outer dictionary', () => {
    const changed = withoutAppNap(plist);
    expect(changed).toContain('    </dict>\n    <key>LSAppNapIsDisabled</key>\n    <true/>\n  </dict>\n</plist>');
    expect(withoutAppNap(changed)).toBe(changed);
  });

  test('Info.plist: binary property list → refused', () => {
    expect(() => withoutAppNap('bplist00')).toThrow(/no XML property list/);
  });
});
