/** The architecture test: the house rules hold for every file, and would notice if they did not. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SourceFile, violations } from './architecture/house.ts';
import { EXEMPT, plainProblems, riddlesOf } from './architecture/plain.ts';

const top = join(import.meta.dirname, '..');

function filesIn(folders: readonly string[], names: RegExp): readonly SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...folders], { cwd: top });
  return listed
    .toString()
    .split('\n')
    .filter((path) => names.test(path) && existsSync(join(top, path)))
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}

/** Every file that the plain-English rule reads; the house rules read the TypeScript of `src` and `test`. */
const files = filesIn(['src', 'test', 'scripts'], /\.(?:tsx?|mjs|css)$/);

/** @param text  a file's code, put under a first comment */
function rulesBroken(path: string, text: string): readonly string[] {
  return violations([{ path, text: `/** What it is for. */\n${text}` }]).map((violation) => violation.rule);
}

test('every file keeps the house rules', () => {
  const typed = files.filter(({ path }) => !path.startsWith('scripts/') && /\.tsx?$/.test(path));
  expect(typed.length).toBeGreaterThan(20);
  expect(violations(typed).map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
});

test('comments and titles: whole repository → plain English', () => {
  expect(plainProblems(files, EXEMPT)).toEqual([]);
});

describe('the test of the test', () => {
  test('a forbidden import is found', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['src/core/raft/step.ts', "import { readFileSync } from 'node:fs';"],
      ['src/core/raft/step.ts', "import { object } from 'valibot';"],
      ['src/core/raft/step.ts', "import type { EventBody } from '../wire/control-protocol.ts';"],
      ['src/core/wire/frame.ts', "import { step } from '../raft/index.ts';"],
      ['src/core/wire/frame.ts', "import { type Term, step } from '../raft/index.ts';"],
      ['src/core/wire/frame.ts', "export { step } from '../raft/index.ts';"],
      ['src/core/trace/fold.ts', "const raft = await import('../raft/index.ts');"],
      ['src/peer/driver.ts', "import { fold } from '../core/trace/index.ts';"],
      ['src/peer/driver.ts', "import { createLab } from '../lab/index.ts';"],
      ['src/lab/lab.ts', "import { step } from '../core/raft/step.ts';"],
      ['src/lab/lab.ts', "import { app } from 'electron';"],
      ['src/cluster/live-run.ts', "import type { Recorder } from '../recording/index.ts';"],
      ['src/recording/recorder.ts', "import type { LiveRun } from '../cluster/live-run.ts';"],
      ['src/play/play.ts', "import type { Lab } from '../lab/index.ts';"],
      ['src/cli/index.ts', "import type { Lab } from '../lab/types.ts';"],
      ['src/cli/index.ts', "import type { LiveRun } from '../cluster/live-run.ts';"],
      ['src/program/foreign-file.ts', "import { parseAsk } from '../core/lab-api/index.ts';"],
      ['src/web-host/index.ts', "import 'electron';"],
      ['src/main/index.ts', "import { serve } from '../web-host/server.ts';"],
      ['src/preload/index.ts', "import { join } from 'node:path';"],
      ['src/renderer/app.tsx', "import { createLab } from '../lab/index.ts';"],
    ];
    for (const [path, text] of cases) expect([path, text, rulesBroken(path, text)]).toEqual([path, text, ['import']]);
  });

  test('what the table allows is allowed', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['src/core/wire/frame.ts', "import type { Term } from '../raft/types.ts';"],
      ['src/core/wire/frame.ts', "import { type Term, type Chain } from '../raft/types.ts';"],
      ['src/peer/driver.ts', "import { step } from '../core/raft/index.ts';\nimport { WebSocket } from 'ws';"],
      ['src/main/index.ts', "import { app } from 'electron';\nimport { x } from '../web-host/static-files.ts';"],
    ];
    for (const [path, text] of cases) expect([path, text, rulesBroken(path, text)]).toEqual([path, text, []]);
  });

  test('a clock, chance or the outside in the core is found', () => {
    const lines = [
      'export const now = () => Date.now();',
      'export const now = () => new Date();',
      'export const draw = () => Math.random();',
      'export const at = performance.now();',
      "export const home = process.env['HOME'];",
      "console.log('here');",
      'setTimeout(() => undefined, 5);',
      'export const order = (a: string, b: string) => a.localeCompare(b);',
      'export const id = crypto.randomUUID();',
    ];
    for (const text of lines) expect([text, rulesBroken('src/core/raft/step.ts', text)]).toEqual([text, ['purity']]);
    expect(rulesBroken('src/peer/clock.ts', 'export const now = () => Date.now();')).toEqual([]);
    expect(
      rulesBroken('src/core/raft/a.ts', 'export const o = { process: 1, random: 2 }; export const r = o.random;'),
    ).toEqual([]);
  });

  test('a file that grew too long and a room nobody planned are found', () => {
    expect(rulesBroken('src/peer/a.ts', 'export {};\n'.repeat(400))).toEqual(['size']);
    expect(rulesBroken('src/utils/a.ts', 'export {};\n')).toEqual(['room']);
  });

  test('a function longer than a screen is found, wherever it stands', () => {
    const body = (lines: number): string => `{\n${'  work();\n'.repeat(lines - 2)}}`;
    for (const text of [`function f() ${body(71)}`, `const f = () => ${body(71)};`, `class C { m() ${body(71)} }`]) {
      expect([text.slice(0, 20), rulesBroken('src/peer/a.ts', text)]).toEqual([text.slice(0, 20), ['function']]);
    }
    expect(rulesBroken('src/peer/a.ts', `function f() ${body(70)}`)).toEqual([]);
    expect(rulesBroken('src/renderer/a.tsx', `function F() ${body(110)}`)).toEqual([]);
    expect(rulesBroken('src/renderer/a.tsx', `function F() ${body(111)}`)).toEqual(['function']);
    expect(rulesBroken('test/peer/a.test.ts', `test('a story', () => ${body(200)});`)).toEqual([]);
  });

  test('import cycle, of types too → found once, with its way', () => {
    const file = (path: string, text: string): SourceFile => ({ path, text: `/** What it is for. */\n${text}` });
    const cycle = violations([
      file('src/peer/a.ts', "import { b } from './b.ts';"),
      file('src/peer/b.ts', "import type { C } from './c.ts';"),
      file('src/peer/c.ts', "export { a } from './a.ts';"),
      file('src/peer/d.ts', "import { a } from './a.ts';\nimport { c } from './c.ts';"),
    ]);
    const way = 'src/peer/a.ts → src/peer/b.ts → src/peer/c.ts → src/peer/a.ts';
    expect(cycle.map(({ rule, message }) => [rule, message])).toEqual([
      ['cycle', `is part of an import cycle: ${way}`],
    ]);
  });

  test('a file that does not say what it is for is found', () => {
    const broken = violations([{ path: 'src/peer/a.ts', text: 'export {};\n' }]);
    expect(broken.map(({ rule, line }) => [rule, line])).toEqual([['comment', 1]]);
  });

  test('plain English: each private phrase in a comment → refused with what to write instead', () => {
    const phrases = [
      ...[
        'so many seconds',
        'so much later',
        'for so long',
        'so often',
        'whoever calls',
        'the lab is told',
        'can be told',
      ],
      ...[
        'a name that is none',
        'null when there is none',
        'if\n * there\n * are none',
        'keeps what is there',
        'nobody says',
      ],
      ...['Who asks waits', 'It waits. Who has voted stays'],
    ];
    for (const phrase of phrases) {
      const found = riddlesOf({ path: 'src/peer/a.ts', text: `/** ${phrase}. */\nexport {};\n` });
      expect([phrase, found.map(({ line, rule }) => [line, rule])]).toEqual([phrase, [[1, 'plain']]]);
      expect(found[0]?.message).toMatch(/" is a riddle: \w/);
    }
    expect(riddlesOf({ path: 'scripts/a.mjs', text: 'export {};\n// Nobody says it.\n' })).toHaveLength(1);
    expect(riddlesOf({ path: 'src/renderer/a.css', text: 'a {}\n/* So many pixels. */\n' })).toHaveLength(1);
  });

  test('plain English: a direct sentence, or a phrase in code → allowed', () => {
    const texts = [
      '/** A voter who has voted returns null. */',
      "const text = 'whoever';",
      '// Nonetheless it soldiers on.',
    ];
    for (const text of texts) expect(riddlesOf({ path: 'src/peer/a.ts', text })).toEqual([]);
  });

  test('plain English: a title over 90 characters or with a private phrase → refused', () => {
    const title = 'x'.repeat(91);
    const calls = [`test('${title}', f)`, `describe(\`${title}\`, f)`, `test.each([1])('${title}', f)`];
    for (const call of [...calls, `test.skipIf(a)('${title}', f)`, "it('the lab is told', f)"]) {
      expect([call, riddlesOf({ path: 'test/a.test.ts', text: call }).length]).toEqual([call, 1]);
    }
    expect(riddlesOf({ path: 'test/a.test.ts', text: `test('${title.slice(1)}', f); rest('${title}');` })).toEqual([]);
  });

  test('plain English: an exempt folder → fails above its number, and with nothing left', () => {
    const two = [{ path: 'src/lab/a.ts', text: '// Whoever calls.\n// So long.\n' }];
    expect(plainProblems(two, { 'src/lab': 2 })).toEqual([]);
    expect(plainProblems(two, { 'src/lab': 1 })).toEqual(['src/lab has 2 violations, EXEMPT allows 1']);
    expect(plainProblems(two, {})).toHaveLength(2);
    expect(plainProblems([], { 'src/lab': 1 })).toEqual(['src/lab has no violation left: remove it from EXEMPT']);
  });
});
