/**
 * Finds the programs that a window's lab started: by their parent while it runs, by their run id after it has ended.
 */
import { execFileSync } from 'node:child_process';
import { until } from '../helpers/until.ts';
import { script } from '../scripts/scripts.ts';

/** A process with the arguments of its command line. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}
const { ourProcesses } = await script<{ ourProcesses(): readonly Process[] }>('leftovers.mjs');

const wordAfter = (option: string, { words }: Process): string => words[words.indexOf(option) + 1] ?? '';

/** Returns the programs that this process started. */
export function programsOf(lab: number): readonly Process[] {
  return ourProcesses().filter(({ parent }) => parent === lab);
}

/** Returns the ids of the runs whose programs this process started. */
export function runsOf(lab: number): readonly string[] {
  return [...new Set(programsOf(lab).map((one) => wordAfter('--run', one)))];
}

/** @returns pid of a server of this lab, 0 when the server does not run */
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

/**
 * Resolves when no program of these runs is left.
 * @throws Error naming the remaining programs
 */
export async function noneLeft(runs: readonly string[]): Promise<void> {
  const left = (): readonly Process[] => ourProcesses().filter((one) => runs.includes(wordAfter('--run', one)));
  const tellMore = (): string => `: ${left().map(({ pid, words }) => `${pid} ${words.join(' ')}`)}`;
  await until('no program to be left', () => left().length === 0, { tellMore });
}

/** Returns whether a process is stopped, as after SIGSTOP. Linux and macOS. */
export function isStopped(pid: number): boolean {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');
}
