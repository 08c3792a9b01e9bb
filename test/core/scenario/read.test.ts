/** Scenario files: valid ones are read, and invalid ones are refused with line and column before anything starts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenario, ScenarioProblem, STEPS } from '../../../src/core/scenario/index.ts';
import { checkProperty } from '../../helpers/property.ts';

const folder = join(import.meta.dirname, '../../../resources/scenarios');
const head = 'name: Test\ntitle: { en: A test, zh: 测试 }\ncluster: { servers: 3 }\nsteps:\n';

/** Returns the problem of a file with these steps, which begin at line 5. */
function problemOf(steps: string): string {
  try {
    readScenario(`${head}${steps}\n`);
  } catch (problem) {
    if (problem instanceof ScenarioProblem) return problem.message;
    throw problem;
  }
  return 'nothing is wrong';
}

describe('bundled scenarios', () => {
  test.each(readdirSync(folder))('bundled scenario %s → valid, named like its file', (file) => {
    const { name, steps } = readScenario(readFileSync(join(folder, file), 'utf8'));
    expect(`${name}.yaml`).toBe(file);
    expect(steps.length).toBeGreaterThan(0);
  });
});

describe('valid scenarios', () => {
  test('readScenario: steps → place, kind, one-line text; bare value and field read alike', () => {
    const { steps, cluster } = readScenario(
      `${head}  - sleep: 5\n  - repeat:\n      times: 2\n      steps:\n        - sleep: { ms: 1 + 2 }\n`,
    );
    expect(cluster).toEqual({ servers: 3, mode: 'course', pace: 'real', timing: {} });
    expect(steps.map(({ at, kind, text }) => ({ at, kind, text }))).toEqual([
      { at: { line: 5, column: 5 }, kind: 'sleep', text: 'sleep: 5' },
      { at: { line: 6, column: 5 }, kind: 'repeat', text: 'repeat: times: 2 steps: - sleep: { ms: 1 + 2 }' },
    ]);
    expect(steps[0]?.fields).toEqual({ ms: { kind: 'expression', expression: { type: 'value', value: 5 } } });
  });

  test('readScenario: timing of the cluster → read; out of range or a lone maximum → refused', () => {
    const withCluster = (more: string): string => head.replace('servers: 3', `servers: 3, ${more}`);
    const timing = 'electionTicks: 15, electionMaxTicks: 18, hopTicks: 0.5, lossPercent: 2.5';
    expect(readScenario(`${withCluster(timing)}  - sleep: 5\n`).cluster.timing).toEqual({
      ...{ electionTicks: 15, electionMaxTicks: 18, hopTicks: 0.5, lossPercent: 2.5 },
    });
    const wrong = {
      'heartbeatTicks: 0': 'heartbeatTicks is a number from 1 to 500',
      'heartbeatTicks: 2.5': 'heartbeatTicks is a whole number',
      'electionMaxTicks: 18': 'electionMaxTicks is at least electionTicks',
      'electionTicks: 20, electionMaxTicks: 18': 'electionMaxTicks is at least electionTicks',
    };
    for (const [given, message] of Object.entries(wrong)) {
      expect(() => readScenario(`${withCluster(given)}  - sleep: 5\n`)).toThrow(message);
    }
  });
});

describe('invalid scenarios', () => {
  test.each([
    [
      'a step that does not exist',
      '  - slep: 5',
      'line 5, column 5: there is no step slep; there are one, checkOneLeader',
    ],
    [
      'a wrong key',
      '  - one: { value: 1, server: 3 }',
      'line 5, column 22: one has no server; it has value, servers, as',
    ],
    ['a missing key', '  - one: { value: 1 }', 'line 5, column 10: one needs servers'],
    ['a wrong type', '  - sleep: { ms: { much: 5 } }', 'line 5, column 18: a number, a name or an expression'],
    ['a step without fields', '  - one:', 'line 5, column 5: one needs value, servers'],
    ['two names in a step', '  - sleep: 5\n    join: x', 'line 6, column 5: join: a step has one name'],
    ['an id that is no server’s', '  - kill: S12', 'line 5, column 11: nothing gives S12 a value'],
    ['a server beyond the cluster', '  - kill: [S1, S4]', 'line 5, column 16: there is no S4 in a cluster of 3'],
    [
      'an unknown command',
      '  - submit: put x 5',
      'line 5, column 13: a command is needed here: set key value, get key',
    ],
    ['a retry without tries', '  - retry: 1 == 1', 'line 5, column 5: retry: there is no "tries" around it'],
    ['a name without a value', '  - kill: Leader', 'line 5, column 11: nothing gives Leader a value'],
    [
      'an expression that cannot be read',
      '  - sleep: 5 +',
      'line 5, column 12: "5 +": something is missing at its end',
    ],
    ['a function that does not exist', '  - sleep: exec(1)', 'there is no function exec; there are random'],
    ['too many inputs', '  - sleep: random(1, 2)', 'random takes 1 inputs, not 2'],
    ['code', '  - sleep: "process.exit(1)"', '".exit(1)" cannot be read'],
    ['a word that is not allowed', '  - network: broken', 'line 5, column 14: "broken" should be reliable'],
    ['a word that heal does not take', '  - heal: lnks', 'line 5, column 11: "lnks" should be true or links'],
    [
      'a word that every object has',
      '  - heal: constructor',
      'line 5, column 11: "constructor" should be true or links',
    ],
    ['heal without a word', '  - heal:', '"" should be true or links'],
    [
      'a field beside a word of heal',
      '  - heal: { on: links, falt: F1 }',
      'line 5, column 24: heal has no falt; it has on',
    ],
    ['a flag that is false', '  - checkFiles: false', 'line 5, column 17: this is "true" or left out'],
    [
      'an endless loop',
      '  - loop: { while: true, steps: [{ sleep: 1 }] }',
      'line 5, column 5: loop: nothing can ever change',
    ],
    ['a constant condition of a loop', '  - loop: { while: 1 + 1 == 2, steps: [] }', 'it would never end'],
    [
      'an endless repeat',
      '  - repeat: { times: 1000000000, steps: [{ sleep: 1 }] }',
      'line 5, column 22: times is a number from 0 to 100000, not 1000000000',
    ],
    ['an infinite repeat', '  - repeat: { times: .inf, steps: [{ sleep: 1 }] }', 'is no number to reckon with'],
    ['a negative sleep', '  - sleep: -5000', 'line 5, column 12: ms is a number from 0 to 1800000, not -5000'],
    ['a negative sum', '  - sleep: 0 - 5000', 'line 5, column 12: ms is a number from 0 to 1800000, not -5000'],
    ['a sleep longer than a timer can be', '  - sleep: 3e9', 'line 5, column 12: ms is a number from 0 to 1800000'],
    [
      'a negative number of clients',
      '  - clients: { name: crowd, count: -1, while: alive(1) }',
      'line 5, column 36: count is a number from 0 to 256, not -1',
    ],
    [
      'a negative time limit',
      '  - expect: { that: alive(1), within: -1, says: { en: late, zh: 晚 } }',
      'within is a number from 0',
    ],
    ['a negative repeat', '  - repeat: { times: -1, steps: [] }', 'times is a number from 0 to 100000'],
    ['too many servers', '  - one: { value: 1, servers: 10 }', 'servers is a number from 0 to 9, not 10'],
    ['not a number', '  - sleep: 0 / 0', 'ms is a number from 0 to 1800000, not NaN'],
    ['a repeat without an end', '  - repeat: { steps: [{ sleep: 1 }] }', 'repeat needs times'],
    ['an alias', '  - sleep: &a 5\n  - sleep: *a', 'line 6, column 12: a name for another part of the file (*)'],
    ['one language only', '  - note: { en: hello }', 'a sentence needs zh'],
    ['no YAML', '  - sleep: [', 'line 6, column 1'],
    ['the same key twice', '  - sleep: { ms: 1, ms: 2 }', 'line 5'],
    ['the name of a server for a value', '  - let: { S1: 5 }', 'line 5, column 12: S1 is a name of servers'],
  ])('scenario with %s → refused with the place', (_what, steps, problem) => {
    expect(problemOf(steps)).toContain(problem);
  });

  test('scenario: nested aliases (alias bomb) → refused at the first alias', () => {
    const levels = 'abcdefgh'.split('').map((name, at, all) => {
      const before = all[at - 1];
      const items = Array.from({ length: 9 }, () => (before === undefined ? '1' : `*${before}`)).join(', ');
      return `  ${name}: &${name} [${items}]`;
    });
    expect(() => readScenario(`name: Test\nbomb:\n${levels.join('\n')}\n`)).toThrow(
      'line 4, column 10: a name for another part',
    );
  });

  test('scenario: file too long, too deep or with too many steps → refused', () => {
    expect(() => readScenario('#'.repeat(70_000))).toThrow('more than 65536 characters');
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`;
    expect(problemOf(`  - sleep: ${deep}`)).toContain('nested deeper than 40');
    expect(problemOf('  - sleep: 1\n'.repeat(501))).toContain('line 505, column 5: more than 500 steps');
  });

  test.each([
    ['brackets', `  - let: { a: ${'['.repeat(30_000)}`, 'line 5, column 54: nested deeper than 40'],
    ['maps', `  - let: ${'{a: '.repeat(14_000)}`, 'nested deeper than 40'],
    ['lists in one line', `  ${'- '.repeat(30_000)}x`, 'line 5, column 83: nested deeper than 40'],
    ['lists in one line, then another', `  ${'- '.repeat(30_000)}x\na: 1`, 'nested deeper than 40'],
    ['keys in one line', `  - ${'? '.repeat(30_000)}`, 'nested deeper than 40'],
    ['parentheses', `  - sleep: ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, 'at most 1000 words and signs'],
    ['a sum', `  - sleep: 1${' + 1'.repeat(15_000)}`, 'at most 1000 words and signs'],
    ['negations', `  - if: { that: ${'not '.repeat(15_000)}true, steps: [] }`, 'at most 1000 words and signs'],
  ])('scenario with thousands of levels of %s → refused with a sentence', (_what, steps, problem) => {
    expect(problemOf(steps)).toContain(problem);
  });

  test('scenario: brackets and dashes inside texts → not counted as levels', () => {
    const text = `'${'[{- ? '.repeat(60)}'`;
    expect(problemOf(`  - note: { en: ${text}, zh: ${text} }\n${'  - sleep: 1\n'.repeat(60)}`)).toBe(
      'nothing is wrong',
    );
  });

  test('scenario: missing or wrong part of the head → refused with the place', () => {
    expect(() => readScenario('steps: []')).toThrow('line 1, column 1: a scenario needs name');
    expect(() => readScenario(head.replace('servers: 3', 'servers: 12'))).toThrow('servers is a number from 1 to 9');
    expect(() => readScenario(head.replace('servers: 3', 'servers: 3, mode: fast'))).toThrow('"fast" should be course');
    expect(() => readScenario(head.replace('name: Test', 'name: ../x'))).toThrow(
      'line 1, column 7: a name has letters',
    );
    expect(() => readScenario('')).toThrow('a scenario should be a map');
  });

  test('readScenario: any text → a scenario or a problem, no other error', () => {
    const words = fc.constantFrom(
      ...Object.keys(STEPS),
      'steps',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '5',
      'S1',
      '+',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 30 }).map((parts) => `${head}${parts.join('')}`),
    );
    checkProperty(
      'test/core/scenario/read.test.ts',
      fc.property(texts, (text) => {
        try {
          readScenario(text);
        } catch (problem) {
          expect(problem).toBeInstanceOf(ScenarioProblem);
        }
      }),
    );
  });
});
