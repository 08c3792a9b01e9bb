/**
 * Scenarios, histories and recordings as strangers may have made them, drawn anew in each run. Each gets a sentence and
 * the right exit code within a small heap, and one Ctrl-C ends a command that still works. `npm run test:long --
 * strangers` draws more.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT, exitOf } from '../../src/cli/exit.ts';
import { HISTORY_FORMATS } from '../../src/core/check/history/index.ts';
import { STEPS } from '../../src/core/scenario/index.ts';
import { COMMAND_OPS } from '../../src/core/vocabulary/index.ts';
import { createLab, judgeRunFolder, type Lab, LabProblem, type RunReport } from '../../src/lab/index.ts';
import { drawnSeed, eachAtOnce } from '../helpers/drawn.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { type Random, randomFrom } from '../helpers/random.ts';
import { type SpoiltRecording, spoiltRecording } from '../helpers/spoilt-recordings.ts';
import { top } from '../scripts/scripts.ts';

const SCENARIOS = 8;
const HISTORIES = 8;
/** Number of recordings. All are judged and opened in this process; the first ones also by the program itself. */
const RECORDINGS = 30;
const BY_PROGRAM = 2;
const AT_ONCE = 2;
/** Heap of a program, MiB. V8 ends a process that needs more with an exit code of its own. */
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

/** @param interruptAfter  sends SIGINT once the output contains this text */
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
  // The output has no call stack, and no control character from the file.
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

test(`scenarios: ${SCENARIOS} damaged → a sentence and the right code, in bounded memory`, async () => {
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
    const f = of(['read', 'write', 'put', ...COMMAND_OPS]);
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

test(`histories: ${HISTORIES} damaged → a sentence and the right code, in bounded memory`, async () => {
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

test(`recordings: ${RECORDINGS} damaged → the damage is named, and not judged`, async () => {
  const dataFolder = join(folder, 'data');
  const spoilt = [...Array(RECORDINGS).keys()].map((at) =>
    spoiltRecording(randomFrom(seed + 2_000_000 + at), dataFolder, at),
  );
  const lab = await createLab({ dataFolder, programs: { peer: '', network: '', reaper: '' } });
  try {
    for (const [at, recording] of spoilt.entries()) {
      const about = `${recording.how}\n${repeat}`;
      const code = await judgedCode(recording, about);
      await expectOpens(lab, recording, about);
      if (at >= BY_PROGRAM) continue;
      const ended = await run(['check', recording.folder]);
      expectSentence(ended, [code], about);
    }
  } finally {
    await lab.close();
  }
});

/** Judges a run folder. @returns the exit code of the verdict */
async function judgedCode({ folder: recording, version, line }: SpoiltRecording, about: string): Promise<number> {
  const report = await judgeRunFolder(recording).catch((problem: unknown) => problem);
  if (!(report instanceof LabProblem)) {
    const { outcome, flaw, unproved } = report as RunReport;
    if (report instanceof Error) throw new Error(about, { cause: report });
    if (line !== null) expect({ line: flaw?.line, about }).toEqual({ line, about });
    if (line !== null) expect(['damaged', 'incomplete', 'violated'], about).toContain(outcome);
    // A promise that is broken in intact lines stays broken. All kept recordings but one are valid.
    if (outcome === 'violated' && version === 2) expect(about).toContain('violated, version 2');
    if (version === 1 && flaw !== null)
      expect({ unproved, about }).toEqual({ unproved: (report as RunReport).events, about });
    return exitOf([outcome]);
  }
  expect(['run-damaged', 'run-future'], about).toContain(report.error.code);
  expect(line === null || line === 1, about).toBe(true);
  return EXIT.undecided;
}

/** Checks that the screen names the same line as the verdict, and that its table ends before that line. */
async function expectOpens(lab: Lab, { runId, line }: SpoiltRecording, about: string): Promise<void> {
  const opened = await lab.ask('openRun', { runId });
  if (!opened.ok) {
    expect(['run-damaged', 'run-future'], about).toContain(opened.error.code);
    return;
  }
  if (opened.value.mode !== 'past') throw new Error(about);
  if (line !== null) expect({ line: opened.value.flaw?.line, about }).toEqual({ line, about });
  const exported = await lab.exportRun('csv');
  if (!exported.ok) throw new Error(about);
  const table = await text(exported.value.stream);
  // The table is made of the events alone, so a manifest of another run does not shorten it.
  if (line !== null && opened.value.flaw?.kind !== 'manifest-differs') {
    expect({ rows: table.match(/\r\n\d+,/g)?.length ?? 0, about }).toEqual({ rows: line - 1, about });
  }
  await lab.ask('closeRun', {});
}

test('check: recording of 512 MiB without a line end → named, in bounded memory', async () => {
  const { folder: recording } = spoiltRecording(randomFrom(1), join(folder, 'data'), 1);
  truncateSync(join(recording, 'events.jsonl'), 0);
  truncateSync(join(recording, 'events.jsonl'), 512 * 1024 ** 2);
  const ended = await run(['check', recording]);
  expectSentence(ended, [EXIT.undecided], 'zeros');
  expect(ended.output).toMatch(/damaged +the run, .*line 1, byte 0: the line is longer than 16777216 bytes/s);
});

test('scenario: never waits, Ctrl-C → ends in order', async () => {
  const path = join(folder, 'endless.yaml');
  const head = 'name: Endless\ntitle: { en: Endless, zh: 无尽 }\ncluster: { servers: 1 }\n';
  const inner = '{ repeat: { times: 100000, steps: [{ if: { that: false, steps: [] } }, { sleep: 0 }] } }';
  writeFileSync(path, `${head}steps:\n  - repeat: { times: 100000, steps: [${inner}] }\n`);
  expect(await run(['scenario', 'run', path], '… repeat')).toMatchObject({ code: EXIT.interrupted });
});

test.skipIf(process.platform === 'win32')(
  'files: pipes, devices, folders → refused with a sentence at once',
  async () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      expectSentence(await run(['check', path, '--format', 'jepsen-edn']), [EXIT.failed], path);
      expectSentence(await run(['scenario', 'run', path]), [EXIT.usage], path);
    }
    expectSentence(await run(['scenario', 'run', folder]), [EXIT.usage], folder);
  },
);
