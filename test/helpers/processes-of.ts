/** The living processes of a run, found by its id on every command line of the machine, not by remembered pids. */
import { readdirSync, readFileSync } from 'node:fs';

/** Processes whose command line contains this text, without zombies. Linux only. */
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

/** A process may go while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
