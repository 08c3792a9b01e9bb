/**
 * Fifty senseless command lines and requests, drawn anew in each run. Each gets a sentence and the right exit code. A
 * refused one changes nothing and leaves no process or file. `npm run test:long -- refusals` draws 450 more.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { readArgs } from '../../src/cli/read-args.ts';
import { isRequestName, parseAsk, REQUEST_NAMES } from '../../src/core/lab-api/index.ts';
import { createLab, programFiles } from '../../src/lab/index.ts';
import { drawnSeed, eachAtOnce } from '../helpers/drawn.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { type Random, randomFrom } from '../helpers/random.ts';
import { top } from '../scripts/scripts.ts';

const LINES = 25;
const REQUESTS = 25;
const AT_ONCE = 2;
const { seed, repeat } = drawnSeed('test/cli/refusals.process.test.ts');

const program = join(top, 'out', 'main', 'cli.js');
let folder: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/cli.js is not built; npm test builds it first');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-refusals-'));
  console.info(`seed ${seed}; repeat with: ${repeat}`);
});
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const STRANGE = [
  ...['', ' ', '-', '--', '---', '-x', '--=', '=', '%s', '*', '?', '#', '~', '..', '../../etc/passwd', '/dev/null/x'],
  ...['0', '-1', '1e9', 'NaN', '99999999999999999999', '0x10', 'null', '{}', '[]'],
  ...['实验', 'é', '\u202eabc', 'a b', 'a\nb', '\u001b[31m', '"', "'", '`', '$(id)', 'x'.repeat(5_000), 'S1', 'S1>S2'],
  ...['--help=1', '--data', '--data=', '--format', '--json=yes', '--runs', '--seed=-1', '--out', '--lang', '--lang=xx'],
];

function lineFrom({ below, of }: Random): readonly string[] {
  const names = COMMANDS.map(({ name }) => name);
  const first = below(4) === 0 ? of(STRANGE) : of(names);
  const options = Object.keys(COMMANDS.find(({ name }) => name === first)?.options ?? {});
  const word = (): string => {
    const kind = below(4);
    if (kind === 0 && options.length > 0) return `--${of(options)}`;
    if (kind === 1 && options.length > 0) return `--${of(options)}=${of(STRANGE)}`;
    return of(STRANGE);
  };
  return [first, ...Array.from({ length: below(5) }, word)];
}

/** Whether a command line is valid and would run for a long time, write a file, or be carried out by the launcher. */
function wouldWork(line: readonly string[]): boolean {
  const asked = readArgs(line);
  if (asked.kind !== 'command') return false;
  const { of, options } = asked;
  return LONG.includes(of.name) || options.all === true || typeof options.out === 'string';
}

/** Commands that take long with any valid command line, or that the launcher carries out. */
const LONG: readonly string[] = ['bench', 'soak', 'seed-tests', 'simulate', 'mutants', 'doctor', 'serve', 'view'];

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function run(line: readonly string[]): Promise<Ended> {
  const env = { ...process.env, RAFT_LAB_DATA_DIR: join(folder, 'data'), LC_ALL: 'en_US.UTF-8' };
  const child = spawn(process.execPath, [program, ...line], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

test(`command lines: ${LINES} senseless ones → a sentence, the right code, no other effect`, async () => {
  const drawn = randomFrom(seed);
  const lines: (readonly string[])[] = [];
  while (lines.length < LINES) {
    const line = lineFrom(drawn);
    if (!wouldWork(line)) lines.push(line);
  }
  const judge = async (line: readonly string[]): Promise<void> => {
    const about = `${JSON.stringify(line.map((word) => word.slice(0, 60)))}\n${repeat}`;
    const { kind } = readArgs(line);
    const { code, said } = await run(line);
    if (kind === 'wrong') expect(code, about).toBe(EXIT.usage);
    else if (kind === 'command') expect([EXIT.ok, EXIT.failed, EXIT.usage, EXIT.undecided], about).toContain(code);
    else expect(code, about).toBe(EXIT.ok);
    expect(said.trim(), about).not.toBe('');
    // The sentence has no call stack, no raw value and no control character of the command line.
    expect(said, about).not.toMatch(/\n {4}at |undefined|\[object |node:internal|[^\P{Cc}\n\t]/u);
  };
  await eachAtOnce(lines, AT_ONCE, judge);
  expect(readdirSync(folder).filter((name) => name !== 'data')).toEqual([]);
  const runs = join(folder, 'data', 'runs');
  expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
});

function anything(drawn: Random, depth = 0): unknown {
  const { below, of } = drawn;
  const kind = below(depth > 2 ? 4 : 6);
  if (kind === 0) return of(STRANGE);
  if (kind === 1) return of([0, -1, 1.5, 2 ** 53, Number.MAX_VALUE, true, false, null, undefined]);
  if (kind === 2) return of(['S1', 'S9', 'leader', 'real', 'SIGKILL', 'set', 'fsync']);
  if (kind === 3) return `${of(STRANGE)}${of(STRANGE)}`;
  const more = () => anything(drawn, depth + 1);
  if (kind === 4) return Array.from({ length: below(4) }, more);
  const fields = ['server', 'servers', 'command', 'op', 'key', 'value', 'runId', 'seed', 'fault', 'links', '__proto__'];
  return Object.fromEntries(Array.from({ length: below(4) }, () => [of(fields), more()]));
}

test(`requests: ${REQUESTS} senseless ones → refused with a sentence, no other effect`, async () => {
  const drawn = randomFrom(seed + 1);
  const data = join(folder, 'data');
  const lab = await createLab({ dataFolder: data, programs: programFiles(join(top, 'out', 'main')) });
  const before = readdirSync(data, { recursive: true });
  try {
    for (let done = 0; done < REQUESTS; ) {
      const name = drawn.below(5) === 0 ? drawn.of(STRANGE) : drawn.of(REQUEST_NAMES);
      const ask = anything(drawn);
      if (isRequestName(name) && parseAsk(name, ask).ok) continue;
      done += 1;
      const about = `${name.slice(0, 60)} ${JSON.stringify(ask)?.slice(0, 200)}\n${repeat}`;
      const result = await lab.ask(name as (typeof REQUEST_NAMES)[number], ask as never);
      expect(result, about).toMatchObject({ ok: false, error: { code: 'bad-request' } });
      if (!result.ok) expect(result.error.message, about).toMatch(/^The request was not understood: .+\.$/s);
    }
    await expect(lab.ask('ready', { autoStart: false })).resolves.toMatchObject({ ok: true, value: { mode: 'idle' } });
  } finally {
    await lab.close();
  }
  expect(readdirSync(data, { recursive: true })).toEqual(before);
  expect(processesOf(folder)).toEqual([]);
});
