/**
 * Finds the living processes of a run by the run's id on their command lines. Also finds processes whose pid the test
 * does not know.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns processes whose command line contains this text, without zombies. Linux only. */
export function processesOf(runId: string): readonly { readonly pid: number; readonly words: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const words = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ');
      const stat = read(`/proc/${name}/stat`);
      const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
      return words.includes(runId) && state !== 'Z' && state !== 'X' && stat !== ''
        ? [{ pid: Number(name), words }]
        : [];
    });
}

/** Returns processes of every run in a data folder, without zombies. The command line of a server names only its run. */
export function processesOfRunsIn(dataFolder: string): ReturnType<typeof processesOf> {
  const runs = join(dataFolder, 'runs');
  return existsSync(runs) ? readdirSync(runs).flatMap((runId) => processesOf(`--run ${runId}`)) : [];
}

/** Reads a file of /proc; returns an empty text when the process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
