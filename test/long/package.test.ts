/**
 * The packages, except for Electron's binary. electron-builder runs with stand-ins for the binary and for fpm, which
 * packs debs. The tests check the archive's content, the fuses, the desktop file and a real installation by dpkg under
 * another root. The extracted archive then elects a leader twice: with its servers alone, and as a window behind the
 * stand-in. Needs the npm registry; skipped with a reason without it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLab, LabWatch, programFiles } from '../../src/lab/index.ts';
import { type ArchivedFile, extractTo, readAsar } from '../helpers/asar.ts';
import { unpackedChromium } from '../helpers/chromium.ts';
import { until } from '../helpers/until.ts';
import { script, top } from '../scripts/scripts.ts';
import { answerDialogs, saveAs } from '../window/dialogs.ts';
import { startStandIn } from '../window/driver.ts';
import { noneLeft, programsOf, runsOf } from '../window/programs-of.ts';
import { pageOf } from '../window/window-page.ts';

const { BUILDER, builderArgs } = await script<{
  readonly BUILDER: string;
  builderArgs(job: { dist: string; arch: string; args: readonly string[] }): readonly string[];
}>('package.mjs');
const { build, isBuilt } = await script<{
  build(root: string, how: { env: NodeJS.ProcessEnv }): Promise<boolean>;
  isBuilt(root: string): boolean;
}>('build.mjs');

/**
 * Marker of the fuses in Electron's binary. After it come the version, the number of fuses, and one character for each
 * fuse (electron/fuses).
 */
const FUSES = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const MAX_ARCHIVE_BYTES = 4_000_000;

let scratch: string;
let unpacked: string;
let files: readonly ArchivedFile[] = [];

/** Returns the reason why the packages cannot be tested here; null when they can. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'the stand-in is a Linux binary';
  const { status } = spawnSync('npm', ['view', BUILDER, 'version'], { timeout: 60_000 });
  return status === 0 ? null : `the npm registry does not give ${BUILDER}`;
}

const reason = whyNot();
if (reason !== null) console.log(`Packages are not tried: ${reason}.`);

/** Writes a copy of Electron's folder with every file that electron-builder reads. It contains no program that runs. */
function writeStandIn(dist: string): void {
  mkdirSync(join(dist, 'locales'), { recursive: true });
  mkdirSync(join(dist, 'resources'));
  const unset = Buffer.concat([Buffer.from(FUSES), Buffer.from([1, 9]), Buffer.from('r'.repeat(9))]);
  writeFileSync(join(dist, 'electron'), Buffer.concat([Buffer.from('stand-in '), unset]), { mode: 0o755 });
  writeFileSync(join(dist, 'chrome-sandbox'), '', { mode: 0o755 });
  for (const name of ['en-US', 'zh-CN', 'de', 'fr']) writeFileSync(join(dist, 'locales', `${name}.pak`), '');
  writeFileSync(join(dist, 'version'), '45.4.1');
  writeFileSync(join(dist, 'LICENSE'), 'licence of Electron');
  writeFileSync(join(dist, 'LICENSES.chromium.html'), 'licences of Chromium');
}

/** Replaces fpm: stores the files under their names in the package, and both maintainer scripts. */
const FPM = `#!/usr/bin/env node
const { cpSync, mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const into = process.env.STAND_IN_FPM_FOLDER;
for (const arg of args) {
  const pair = /^((?!-)[^=]*)=(\\/.*)$/.exec(arg);
  if (pair === null) continue;
  mkdirSync(dirname(join(into, 'tree', pair[2])), { recursive: true });
  cpSync(pair[1], join(into, 'tree', pair[2]), { recursive: true });
}
mkdirSync(join(into, 'tree', 'DEBIAN'), { recursive: true });
cpSync(after('--after-install'), join(into, 'tree', 'DEBIAN', 'postinst'));
cpSync(after('--after-remove'), join(into, 'tree', 'DEBIAN', 'postrm'));
writeFileSync(join(into, 'args.json'), JSON.stringify(args));
writeFileSync(after('--package'), '');
`;

beforeAll(async () => {
  if (reason !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'raft-lab-package-'));
  if (!isBuilt(top)) expect(await build(top, { env: process.env })).toBe(true);
  const dist = join(scratch, 'dist');
  writeStandIn(dist);
  mkdirSync(join(scratch, 'bin'));
  writeFileSync(join(scratch, 'bin', 'fpm'), FPM, { mode: 0o755 });
  const output = join(scratch, 'out');
  const args = builderArgs({ dist, arch: 'x64', args: ['--linux', 'deb', `-c.directories.output=${output}`] });
  const env = {
    ...process.env,
    PATH: `${join(scratch, 'bin')}:${process.env.PATH}`,
    USE_SYSTEM_FPM: 'true',
    STAND_IN_FPM_FOLDER: join(scratch, 'deb'),
  };
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: top, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`electron-builder ended with ${status}\n${stdout}\n${stderr}`);
  unpacked = join(output, 'linux-unpacked');
  files = readAsar(join(unpacked, 'resources', 'app.asar'));
}, 600_000);

afterAll(() => {
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

describe.skipIf(reason !== null)('archive', () => {
  const texts = () => files.filter(({ path }) => !path.endsWith('.png'));

  test('files: listed → our programs, the page, scenarios, one icon, and no others', () => {
    const allowed =
      /^(package\.json|out\/main\/(index\.js|(peer|network|reaper)\.mjs)|out\/main\/chunks\/[\w-]+\.js|out\/preload\/index\.cjs|out\/renderer\/(index\.html|assets\/[\w-]+\.(js|css|svg))|resources\/scenarios\/\w+\.yaml|resources\/icons\/icon-512\.png)$/;
    expect(files.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
    const scenarios = readdirSync(join(top, 'resources', 'scenarios')).map((name) => `resources/scenarios/${name}`);
    const packed = new Set(files.map(({ path }) => path));
    expect(scenarios.filter((path) => !packed.has(path))).toEqual([]);
  });

  test('size: whole archive → below four megabytes', () => {
    const { size } = statSync(join(unpacked, 'resources', 'app.asar'));
    console.log(`app.asar: ${size} bytes, ${files.length} files`);
    expect(size).toBeLessThan(MAX_ARCHIVE_BYTES);
  });

  test('content: every file → no source map, no secret, no path of this machine', () => {
    const found = texts().flatMap(({ path, content }) => {
      const text = content.toString('utf8');
      const secret = /-----BEGIN [A-Z ]*PRIVATE KEY|\b(gh[pousr]_|npm_|AKIA)[A-Za-z0-9]{16,}/.test(text);
      const place = [top, homedir()].some((folder) => folder.length > 1 && text.includes(`${folder}/`));
      return [
        ...(/\/[/*][#@] ?sourceMappingURL=/.test(text) ? [`${path}: source map`] : []),
        ...(secret ? [`${path}: secret`] : []),
        ...(place ? [`${path}: a path of this machine`] : []),
      ];
    });
    expect(found).toEqual([]);
  });

  test('imports: every program → only modules of Node, Electron, and files of the archive', () => {
    const packed = new Set(files.map(({ path }) => path));
    let seen = 0;
    const missing = files
      .filter(({ path }) => /^out\/main\/.*\.m?js$/.test(path))
      .flatMap(({ path, content }) =>
        importsOf(content.toString('utf8')).flatMap((name) => {
          seen += 1;
          if (name === 'electron' || name.startsWith('node:')) return [];
          const target = new URL(name, `file:///${path}`).pathname.slice(1);
          return name.startsWith('.') && packed.has(target) ? [] : [`${path}: ${name}`];
        }),
      );
    expect(missing).toEqual([]);
    // Guard against a test that finds no imports, for example after a change of the builder's syntax.
    expect(seen).toBeGreaterThan(50);
  });

  test('package.json: packed → has type and entry, no scripts or development packages', () => {
    const text = files.find(({ path }) => path === 'package.json')?.content.toString('utf8') ?? '';
    const manifest = JSON.parse(text) as object;
    expect(manifest).toMatchObject({ type: 'module', main: 'out/main/index.js', desktopName: 'raft-lab.desktop' });
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['devDependencies']));
  });

  test('next to the archive: licences of all packages, two languages, fuses as configured', () => {
    expect(readdirSync(join(unpacked, 'resources')).sort()).toEqual([
      'LICENSE.txt',
      'THIRD-PARTY-NOTICES.txt',
      'app.asar',
      'apparmor-profile',
    ]);
    expect(readdirSync(join(unpacked, 'locales')).sort()).toEqual(['en-US.pak', 'zh-CN.pak']);
    expect([
      existsSync(join(unpacked, 'LICENSE.electron.txt')),
      existsSync(join(unpacked, 'LICENSES.chromium.html')),
    ]).toEqual([true, true]);
    const binary = readFileSync(join(unpacked, 'raft-lab'), 'latin1');
    const wire = binary.slice(binary.indexOf(FUSES) + FUSES.length + 2);
    // Run as Node, cookies, NODE_OPTIONS, --inspect, integrity, only from the archive, snapshot, file://.
    // Our configuration does not set the last fuse.
    expect(wire).toBe('10001100r');
  });

  test('extracted: servers started → elect a leader', async () => {
    const folder = extracted();
    const lab = await createLab({
      dataFolder: join(scratch, 'data'),
      programs: programFiles(join(folder, 'out', 'main')),
    });
    try {
      const watch = new LabWatch(lab);
      const choice = { servers: 3, pace: 'real', durability: 'fsync' } as const;
      expect(await lab.ask('createRun', choice)).toMatchObject({ ok: true });
      await watch.until('a leader', (view) => Object.values(view.servers).some(({ role }) => role === 'leader'));
    } finally {
      await lab.close();
    }
  });

  test('extracted: its window behind the stand-in → elects, kills, restarts, exports, quits', async () => {
    const home = join(scratch, 'home');
    mkdirSync(home);
    const chromium = await unpackedChromium();
    const driver = startStandIn({ app: extracted(), home, dataFolder: join(home, 'data'), chromium });
    try {
      const page = await pageOf(driver);
      await answerDialogs(driver);
      const leader = await page.leader();
      const runs = runsOf(driver.pid);
      expect(programsOf(driver.pid).every(({ words }) => words.join(' ').includes(extracted()))).toBe(true);
      expect(await page.send('set x 5', /done @\d+/)).toContain('x = 5');
      await page.select(leader);
      await page.press('k');
      await page.textFits('sentence', /S\d leads.*4 of 5 up/);
      await page.press('r');
      await page.textFits('sentence', /S\d leads.*5 of 5 up/);
      const path = join(home, 'run.jsonl');
      await saveAs(driver, path);
      await page.click('export');
      await until('the export', () => existsSync(path));
      await driver.main(({ app }) => app.quit(), null);
      expect((await driver.ended).code).toBe(0);
      expect(driver.printed()).toBe('');
      await noneLeft(runs);
    } finally {
      await driver.kill();
    }
  });
});

/** Returns the folder of the archive's files; the first call writes it. */
function extracted(): string {
  const folder = join(scratch, 'extracted');
  if (!existsSync(folder)) extractTo(folder, files);
  return folder;
}

describe.skipIf(reason !== null)('deb', () => {
  const tree = () => join(scratch, 'deb', 'tree');

  test('desktop file: installed → starts the program, matches its window, opens both file types', () => {
    const file = join(tree(), 'usr/share/applications/raft-lab.desktop');
    const text = readFileSync(file, 'utf8');
    for (const line of [
      'Name=Raft Lab',
      'Exec="/opt/Raft Lab/raft-lab" %U',
      'Icon=raft-lab',
      'StartupWMClass=raft-lab',
      'MimeType=application/vnd.raft-lab.recording+jsonl;application/vnd.raft-lab.scenario+yaml;',
      'Categories=Education;',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    // The desktop's own validator, where it is installed.
    const judged = spawnSync('desktop-file-validate', [file], { encoding: 'utf8' });
    if (judged.error === undefined) expect([judged.status, judged.stdout]).toEqual([0, '']);
    expect(text).not.toContain('--no-sandbox');
    expect(text).toMatch(/^Comment\[zh_CN\]=/m);
    const types = readFileSync(join(tree(), 'usr/share/mime/packages/raft-lab.xml'), 'utf8');
    expect(types).toContain('<glob pattern="*.raftscenario"/>');
    expect(types).not.toContain('jsonl');
    expect(readdirSync(join(tree(), 'usr/share/mime/packages')).sort()).toEqual([
      'raft-lab-recording.xml',
      'raft-lab.xml',
    ]);
  });

  test('icons: installed → one in each folder of the hicolor theme', () => {
    const sizes = readdirSync(join(tree(), 'usr/share/icons/hicolor')).sort();
    expect(sizes).toEqual(['1024x1024', '128x128', '16x16', '256x256', '32x32', '48x48', '512x512', '64x64']);
  });

  test('maintainer: has an e-mail address, which a deb requires', () => {
    const args = JSON.parse(readFileSync(join(scratch, 'deb', 'args.json'), 'utf8')) as readonly string[];
    expect(args[args.indexOf('--maintainer') + 1]).toMatch(/^.+ <.+@.+>$/);
  });

  test('dpkg: under another root → installs, upgrades and removes the package', ({ skip }) => {
    if (spawnSync('dpkg', ['--version']).status !== 0) return skip('no dpkg on this system');
    const root = join(scratch, 'root');
    for (const name of ['info', 'updates']) mkdirSync(join(root, 'var/lib/dpkg', name), { recursive: true });
    for (const name of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', name), '');
    const dpkg = (...args: readonly string[]): void => {
      const force = '--force-not-root,script-chrootless,depends,bad-path';
      execFileSync('dpkg', [`--root=${root}`, force, '--no-triggers', ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    };
    const link = join(root, 'usr/bin/raft-lab');
    for (const version of ['0.1.0', '0.1.1']) {
      dpkg('--install', debOf(tree(), version));
      expect(statSync(join(root, 'opt/Raft Lab/chrome-sandbox')).mode & 0o7777).toBe(0o4755);
      expect(readlinkSync(link)).toBe('/opt/Raft Lab/raft-lab');
    }
    dpkg('--remove', 'raft-lab');
    expect([lstatSync(link, { throwIfNoEntry: false }), existsSync(join(root, 'opt/Raft Lab'))]).toEqual([
      undefined,
      false,
    ]);
  });
});

/** Packs a deb from the files that fpm received. */
function debOf(tree: string, version: string): string {
  const copy = join(scratch, `deb-${version}`);
  cpSync(tree, copy, { recursive: true });
  const fields = [
    'Package: raft-lab',
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: test <test@raft-lab.example>',
  ];
  writeFileSync(join(copy, 'DEBIAN', 'control'), `${fields.join('\n')}\nDescription: test\n`);
  for (const name of ['postinst', 'postrm']) chmodSync(join(copy, 'DEBIAN', name), 0o755);
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', copy, `${copy}.deb`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return `${copy}.deb`;
}

/** Modules that a built program imports, statically or by a call. */
function importsOf(text: string): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm);
  const calls = text.matchAll(/\bimport\(["']([^"']+)["']\)/g);
  return [...statements, ...calls].map((match) => match[1] ?? match[2] ?? '');
}
