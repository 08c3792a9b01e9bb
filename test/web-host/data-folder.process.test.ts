/** The browser door moves recordings that the window of an earlier version made, and reports their new place once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/core/lab-api/index.ts';
import { saveSettings } from '../../src/lab/settings-file.ts';
import { createRunFolder } from '../../src/recording/run-folder.ts';
import { settings } from '../core/trace/story.ts';
import { until } from '../helpers/until.ts';
import { top } from '../scripts/scripts.ts';

const program = join(top, 'out', 'main', 'web-host.js');
let home: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/web-host.js is not built; npm test builds it first');
  if (process.platform !== 'linux') skip('the folders of this test are those of Linux');
  home = mkdtempSync(join(tmpdir(), 'raft-lab-door-home-'));
});

afterEach(() => {
  if (home !== undefined) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts the door and ends it once its address is printed. Resolves with its stderr. */
async function startAndEnd(): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: 'zh_CN.UTF-8' };
  const host = spawn(process.execPath, [program], { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(host, 'exit');
  let stdout = '';
  let stderr = '';
  host.stdout.on('data', (chunk) => (stdout += chunk));
  host.stderr.on('data', (chunk) => (stderr += chunk));
  try {
    await until('the address', () => stdout.includes('\n'), { tellMore: () => stderr });
  } finally {
    host.kill('SIGTERM');
    await exited;
  }
  return stderr;
}

test('browser door: recordings of an earlier window → moved and reported once, translated', async () => {
  const earlier = join(home, '.config', 'Raft Lab');
  const { runId } = await createRunFolder({ dataFolder: earlier, settings, raftLab: '0.1.0' });
  expect(await startAndEnd()).toContain(`早期版本的录制：1 个已从 ${earlier} 移走`);
  expect(readdirSync(join(home, '.local', 'share', 'raft-lab', 'runs'))).toEqual([runId]);
  expect(await startAndEnd()).not.toContain('早期版本');
});

test('browser door: the chosen folder cannot be used → a line in the terminal’s language', async () => {
  const usual = join(home, '.local', 'share', 'raft-lab');
  const chosen = join(home, 'file', 'runs');
  writeFileSync(join(home, 'file'), '');
  saveSettings(usual, { ...DEFAULT_SETTINGS, dataFolder: chosen });
  expect(await startAndEnd()).toBe(`${chosen} 无法使用（ENOTDIR）；记录在 ${usual}。\n`);
});
