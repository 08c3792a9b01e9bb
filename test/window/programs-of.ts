/** The programs that a window's lab started, found by their parent while it lives and by their run afterwards. */
import { execFileSync } from 'node:child_process';
import { until } from '../helpers/until.ts';
import { script } from '../scripts/scripts.ts';

/** A process as its command line tells it. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}
const { ourProcesses } = await script<{ ourProcesses(): readonly Process[] }>('leftovers.mjs');

const wordAfter = (option: string, { words }: Process): string => words[words.indexOf(option) + 1] ?? '';

/** Programs that this process started. */
export function programsOf(lab: number): readonly Process[] {
  return ourProcesses().filter(({ parent }) => parent === lab);
}

/** Ids of the runs whose programs this process started. */
export function runsOf(lab: number): readonly string[] {
  return [...new Set(programsOf(lab).map((one) => wordAfter('--run', one)))];
}

/** @returns pid of a server whose lab lives, 0 when it does not run */
export function serverOf(lab: number, server: string): number {
  const servers = programsOf(lab).filter(({ words }) => words.includes('--server'));
  return servers.find((one) => wordAfter('--server', one) === server)?.pid ?? 0;
}

/** @returns pid of the network process of this lab @throws Error when it does not run */
export function networkOf(lab: number): number {
  const network = programsOf(lab).find(({ words }) => words.includes('--network'));
  if (network === undefined) throw new Error(`no network of lab ${lab} runs`);
  return network.pid;
}

/** Resolves when no program of these runs is left. @throws Error naming those that stay */
export async function noneLeft(runs: readonly string[]): Promise<void> {
  const left = (): readonly Process[] => ourProcesses().filter((one) => runs.includes(wordAfter('--run', one)));
  const tellMore = (): string => `: ${left().map(({ pid, words }) => `${pid} ${words.join(' ')}`)}`;
  await until('no program to be left', () => left().length === 0, { tellMore });
}

/** Whether a process is stopped, as after SIGSTOP. Linux and macOS. */
export function isStopped(pid: number): boolean {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');
}
