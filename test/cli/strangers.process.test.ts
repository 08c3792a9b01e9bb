/**
 * Scenarios and histories that strangers may have made, drawn anew in each run: each ends in a sentence with the right exit
 * code and within a small heap, and one Ctrl-C ends what still works. `npm run test:long -- strangers` draws 400 more.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { HISTORY_FORMATS } from '../../src/core/check/history/index.ts';
import { STEPS } from '../../src/core/scenario/index.ts';
import { drawnSeed, eachAtOnce } from '../helpers/drawn.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { type Random, randomFrom } from '../helpers/random.ts';
import { top } from '../scripts/scripts.ts';

const SCENARIOS = 8;
const HISTORIES = 8;
const AT_ONCE = 2;
/** A program that needs more is ended by V8 with a code of its own. */
const HEAP_MB = 256;
const { seed, repeat } = drawnSeed('test/cli/strangers.process.test.ts');

const program = join(top, 'out', 'main', 'cli.js');
let folder: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/cli.js is not built; npm test builds it first');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-strangers-'));
  console.info(`seed ${seed}; repeat with: ${repeat}`);
});
afterEach(() => {
  if (folder === undefined) return;
  expect(processesOf(folder)).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** @param interruptAfter  SIGINT once its output contains this */
function run(args: readonly string[], interruptAfter: string | null = null): Promise<Ended> {
  const env = { ...process.env, RAFT_LAB_DATA_DIR: join(folder, 'data'), LC_ALL: 'en_US.UTF-8' };
  const argv = [`--max-old-space-size=${HEAP_MB}`, program, ...args];
  const child = spawn(process.execPath, argv, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const hear = (chunk: Buffer): void => {
    const before = output;
    output += chunk;
    if (interruptAfter !== null && !before.includes(interruptAfter) && output.includes(interruptAfter)) {
      child.kill('SIGINT');
    }
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

function expectSentence({ code, output }: Ended, codes: readonly number[], about: string): void {
  expect(codes, `${about}\n${output}`).toContain(code);
  expect(output.trim(), about).not.toBe('');
  // No stack of calls, and no control character of the file itself.
  expect(output, about).not.toMatch(/\n {4}at |call stack|node:internal|heap out of memory|[^\P{Cc}\n\t]/u);
}

const VALUES = [
  ...['0', '-1', '3e9', '.inf', '.nan', '0 / 0', 'elapsed()', 'random(3)', "'text'", '[1, [2]]', '[]', 'a', 'S1', 'S9'],
  ...[
    'leader',
    'true',
    '',
    '~',
    '&x 1',
    '*x',
    '!!binary aGk=',
    '"\\e[31m"',
    '"\\u202e"',
    '{ a: 1 }',
    `${'('.repeat(2_000)}1`,
  ],
  ...['['.repeat(3_000), '- '.repeat(3_000), 'not '.repeat(1_500), '0xffffffffffffffffff', 'x'.repeat(3_000)],
];
const ENDLESS = [
  'loop: { while: elapsed() >= 0, steps: [] }',
  'repeat: { times: 100000, steps: [{ repeat: { times: 100000, steps: [] } }] }',
  'repeat: { times: 100000, steps: [{ collect: { into: a, value: 1 } }] }',
  'repeat: { times: 60, steps: [{ let: { a: [a, a] } }] }',
  'loop: { while: elapsed() >= 0, steps: [{ note: { en: "\\e[31mhi", zh: 你好 } }] }',
  'loop: { while: elapsed() >= 0, steps: [{ background: { name: b, steps: [{ sleep: 100000 }] } }] }',
  'sleep: 1800000',
];

function stepFrom({ below, of }: Random): string {
  if (below(3) === 0) return of(ENDLESS);
  const kind = of(Object.keys(STEPS) as (keyof typeof STEPS)[]);
  const fields = Object.keys(STEPS[kind].fields).filter(() => below(6) > 0);
  return `${kind}: { ${fields.map((field) => `${field}: ${of(VALUES)}`).join(', ')} }`;
}

function scenarioFrom(drawn: Random): string | Buffer {
  const { below, of } = drawn;
  const steps = Array.from({ length: 1 + below(3) }, () => `  - ${stepFrom(drawn)}\n`).join('');
  const head = 'name: Stranger\ntitle: { en: "\\e[2Ja title", zh: 陌生 }\ncluster: { servers: 1 }\nlimit: 1\n';
  const text = `${head}steps:\n  - let: { a: [] }\n${steps}`;
  const kind = below(10);
  if (kind === 0) return Buffer.from(`# caf\u00e9\n${text}`, 'latin1');
  if (kind === 1) return text.slice(0, below(text.length));
  if (kind === 2) return text.replaceAll(of([' ', ':', '\n', '{', 'e']), of(['\t', '- ', '"', '\u001b', '']));
  return text;
}

test(`scenarios: ${SCENARIOS} of strangers → a sentence and the right code, in bounded time and memory`, async () => {
  await eachAtOnce([...Array(SCENARIOS).keys()], AT_ONCE, async (at) => {
    const path = join(folder, `stranger-${at}.yaml`);
    const file = scenarioFrom(randomFrom(seed + at));
    writeFileSync(path, file);
    const about = `${file.toString('utf8').slice(0, 600)}\n${repeat}`;
    expectSentence(await run(['scenario', 'run', path]), [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.undecided], about);
  });
});

function historyFrom(drawn: Random): Buffer {
  const { below, of } = drawn;
  const value = (): string =>
    of(['1', '2', 'nil', '"\u001b[31m"', '[1 2]', ':x', '"', '{', '['.repeat(3_000), '1'.repeat(400), '#tag 1', '\\[']);
  const row = (): string => {
    const type = of(['invoke', 'ok', 'fail', 'info']);
    const f = of(['read', 'write', 'cas', 'get', 'put', 'append']);
    if (below(4) === 0) return `INFO  jepsen.util - ${below(5)}\t:${type}\t:${f}\t${value()}`;
    return `{:process ${below(5)}, :type :${type}, :f :${f}, :key "k\u009b", :value ${value()}}`;
  };
  const proper = (client: number): string => {
    const f = of(['read', 'write']);
    const begin = `{:process ${client}, :f :${f}, :value ${f === 'read' ? 'nil' : below(9)}, :type`;
    return `${begin} :invoke}\n${begin} :ok}`;
  };
  const isProper = below(2) === 0;
  const lines = Array.from({ length: 1 + below(60) }, (_, at) => (isProper ? proper(at) : row()));
  const text = below(3) === 0 ? `[${lines.join('\n')}${of([']', '', '] more'])}` : lines.join('\n');
  return Buffer.from(text, below(8) === 0 ? 'latin1' : 'utf8');
}

test(`histories: ${HISTORIES} of strangers → a sentence and the right code, in bounded time and memory`, async () => {
  await eachAtOnce([...Array(HISTORIES).keys()], AT_ONCE, async (at) => {
    const drawn = randomFrom(seed + 1_000_000 + at);
    const path = join(folder, `stranger-${at}`);
    const file = historyFrom(drawn);
    writeFileSync(path, file);
    const ended = await run(['check', path, '--format', drawn.of(HISTORY_FORMATS)]);
    const about = `${file.toString('utf8').slice(0, 600)}\n${repeat}`;
    expectSentence(ended, [EXIT.ok, EXIT.failed, EXIT.undecided], about);
  });
});

test('a scenario that never waits: one Ctrl-C → ends in order', async () => {
  const path = join(folder, 'endless.yaml');
  const head = 'name: Endless\ntitle: { en: Endless, zh: 无尽 }\ncluster: { servers: 1 }\n';
  const inner = '{ repeat: { times: 100000, steps: [{ if: { that: false, steps: [] } }, { sleep: 0 }] } }';
  writeFileSync(path, `${head}steps:\n  - repeat: { times: 100000, steps: [${inner}] }\n`);
  expect(await run(['scenario', 'run', path], '… repeat')).toMatchObject({ code: EXIT.interrupted });
});

test.skipIf(process.platform === 'win32')('pipes, devices and folders: refused with a sentence at once', async () => {
  const pipe = join(folder, 'pipe.yaml');
  execFileSync('mkfifo', [pipe]);
  for (const path of [pipe, '/dev/zero']) {
    expectSentence(await run(['check', path, '--format', 'jepsen-edn']), [EXIT.failed], path);
    expectSentence(await run(['scenario', 'run', path]), [EXIT.usage], path);
  }
  expectSentence(await run(['scenario', 'run', folder]), [EXIT.usage], folder);
});
