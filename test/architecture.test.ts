/** The architecture test: the house rules hold for every file, and would notice if they did not. */
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { filesIn } from './architecture/files.ts';
import { ROOMS, type SourceFile, violations } from './architecture/house.ts';

/** @param text  a file's code, put under a first comment */
function rulesBroken(path: string, text: string): readonly string[] {
  return violations([{ path, text: `/** What it is for. */\n${text}` }]).map((violation) => violation.rule);
}

test('house rules: every TypeScript file of src and test → kept', () => {
  const files = filesIn(['src', 'test'], /\.tsx?$/);
  expect(files.length).toBeGreaterThan(20);
  expect(violations(files).map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
});

test('import table: each package that it names → is a dependency', () => {
  const named = Object.values(ROOMS).flatMap(({ packages = [] }) => packages);
  const others = named.filter((name) => name !== '*' && name !== 'electron');
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter((name) => !(name in packageJson.dependencies))).toEqual([]);
});

describe('the test of the test', () => {
  test('a forbidden import is found', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['src/core/raft/step.ts', "import { readFileSync } from 'node:fs';"],
      ['src/core/raft/step.ts', "import { object } from 'valibot';"],
      ['src/core/raft/step.ts', "import { EVENTS } from '../catalogue/index.ts';"],
      ['src/core/vocabulary/link.ts', "import type { EventName } from '../catalogue/index.ts';"],
      ['src/core/vocabulary/link.ts', "import type { Term } from '../raft/index.ts';"],
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
      ['src/renderer/side/side.tsx', "import { Ring } from '../stage/ring.tsx';"],
      ['src/renderer/store/feed.ts', "import type { Motion } from '../stage/motion.ts';"],
    ];
    for (const [path, text] of cases) expect([path, text, rulesBroken(path, text)]).toEqual([path, text, ['import']]);
  });

  test('what the table allows is allowed', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['src/core/raft/step.ts', "import { endsOf } from '../vocabulary/index.ts';"],
      ['src/core/wire/frame.ts', "import type { RaftMessage } from '../raft/messages.ts';"],
      ['src/core/wire/frame.ts', "import { type RaftMessage, type RaftEvent } from '../raft/messages.ts';"],
      ['src/peer/driver.ts', "import { step } from '../core/raft/index.ts';\nimport { WebSocket } from 'ws';"],
      ['src/renderer/app.tsx', "import { Stage } from './stage/stage.tsx';"],
      ['src/renderer/stage/ring.tsx', "import { Links } from './links.tsx';"],
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
});
