/** The long tests: the stored state of a part and when it resumes, the arguments, and the table of the parts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Kept, type LongPart, type LongStateModule, script, top } from './scripts.ts';

const state = await script<LongStateModule>('long-state.mjs');
const { PARTS } = await script<{ PARTS: readonly LongPart[] }>('long-parts.mjs');

const now = '2026-01-02T03:04:05.678Z';
const part = {
  name: 'three',
  units: (seed: number) => [0, 1, 2].map((at) => ({ name: `seed ${seed + at}`, command: [], repeat: '' })),
};
const plan = (kept: Kept | null, { sources = 'a', seed = 10 } = {}) =>
  state.planPart(kept, { part, sources, seed, now });
const names = (units: readonly { readonly name: string }[]) => units.map(({ name }) => name);
const ended = (kept: Kept, name: string, code = 0, seconds = 60) => state.withUnit(kept, name, { code, seconds, now });

describe('part', () => {
  test('part: nothing stored → begins with the given seed', () => {
    const { kept, left, goesOn } = plan(null);
    expect([kept.seed, kept.total, names(left), goesOn]).toEqual([10, 3, ['seed 10', 'seed 11', 'seed 12'], false]);
  });

  test('part: stopped → continues with its own seed, without finished units, passed or failed', () => {
    const stopped = ended(ended(plan(null).kept, 'seed 10'), 'seed 12', 1);
    const { kept, left, goesOn } = plan(stopped, { seed: 99 });
    expect([kept, names(left), goesOn]).toEqual([stopped, ['seed 11'], true]);
  });

  test('part: sources changed → begins again', () => {
    const { kept, left, goesOn } = plan(ended(plan(null).kept, 'seed 10'), { sources: 'b', seed: 50 });
    expect([kept.seed, Object.keys(kept.units), left.length, goesOn]).toEqual([50, [], 3, false]);
  });

  test('part: all units finished → begins again', () => {
    const complete = names(part.units(10)).reduce((kept, name) => ended(kept, name), plan(null).kept);
    expect(plan(complete, { seed: 50 })).toMatchObject({ goesOn: false, kept: { seed: 50 } });
  });

  test('part: only units of other names stored → begins again', () => {
    const renamed = ended(ended(plan(null).kept, 'x'), 'y');
    expect(names(plan(renamed).left)).toEqual(['seed 10', 'seed 11', 'seed 12']);
  });

  test('state: units with exit codes → counts and one line', () => {
    const two = ended(ended(plan(null).kept, 'seed 10'), 'seed 11', 4);
    expect(state.countUnits(two)).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(state.statusLine(two, 'a')).toBe('2026-01-02 03:04 UTC: 1 passed, 1 failed, 1 not run yet');
    expect(state.statusLine(two, 'b')).toMatch(/ \(of other sources\)$/);
    expect(state.statusLine(null, 'a')).toBe('never ran');
  });

  test('part: a unit as long as the longest exceeds the limit → not started', () => {
    const kept = ended(plan(null).kept, 'seed 10', 0, 600);
    const limit = state.LIMIT_MINUTES * 60;
    expect([state.hasTimeLeft(kept, limit - 600), state.hasTimeLeft(kept, limit - 599)]).toEqual([true, false]);
    expect(state.hasTimeLeft(plan(null).kept, 0)).toBe(true);
  });

  test.each(['', '{"format":1', 'null', '{"format":2,"units":{},"total":1}', '{"format":1}'])(
    'stored state %j → ignored',
    (text) => {
      expect(state.readKept(text)).toBeNull();
    },
  );

  test('stored state: as written → read back', () => {
    const { kept } = plan(null);
    expect(state.readKept(JSON.stringify(kept))).toEqual(kept);
  });
});

describe('arguments', () => {
  const known = ['one', 'two', 'three'];
  test.each([
    { args: [], parts: [] },
    { args: ['--list', 'one'], parts: [] },
    { args: ['two', 'one'], parts: ['one', 'two'] },
    { args: ['all'], parts: known },
  ])('npm run test:long $args → $parts', ({ args, parts }) => {
    expect(state.readLongArgs(args, known)).toEqual({ ok: true, parts });
  });

  test.each([
    { args: ['four'], sentence: 'There is no part four. There are: one, two, three; all runs each of them.' },
    { args: ['one', '--fast'], sentence: 'Unknown option --fast. There is only --list.' },
  ])('npm run test:long $args → $sentence', ({ args, sentence }) => {
    expect(state.readLongArgs(args, known)).toEqual({ ok: false, sentence });
  });
});

describe('table of the parts', () => {
  test('parts: all names → unique; same seed → same units', () => {
    expect(new Set(names(PARTS)).size).toBe(PARTS.length);
    for (const { name, units } of PARTS) {
      const found = names(units(123_456_789));
      expect([name, new Set(found).size]).toEqual([name, found.length]);
      expect(names(units(123_456_789))).toEqual(found);
    }
  });

  test('commands of parts: each → existing script or test file, seed that the program accepts', () => {
    for (const { command, repeat } of PARTS.flatMap(({ units }) => units(999_999_999))) {
      const [file = '', ...words] = command;
      expect(existsSync(join(top, 'scripts', file)), file).toBe(true);
      for (const word of words.filter((one) => one.startsWith('test/'))) expect(existsSync(join(top, word))).toBe(true);
      expect(repeat).toMatch(/^(RAFT_LAB_TEST_\w+=\d{1,9} )*(npm (test|run)|npx vitest run) /);
    }
  });

  test('parts of a test file: chosen by a title → the file has that title', () => {
    const chosen = PARTS.flatMap(({ units }) => units(1)).filter(({ command }) => command.includes('-t'));
    expect(chosen.length).toBeGreaterThan(0);
    for (const { command } of chosen) {
      const file = command.find((word) => word.startsWith('test/long/')) ?? '';
      expect(readFileSync(join(top, file), 'utf8')).toContain(command[command.indexOf('-t') + 1]);
    }
  });

  test('docs/testing.md → names every part', () => {
    const page = readFileSync(join(top, 'docs/testing.md'), 'utf8');
    for (const { name, what } of PARTS) expect(page).toContain(`| \`${name}\` | ${what} |`);
  });
});
