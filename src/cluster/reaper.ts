/**
 * The reaper: a small program that outlives the lab for a moment and kills the processes that the lab left running. Its
 * standard input is a pipe from the lab, which closes however the lab dies. A running child notices the lab's death by
 * itself, but a stopped one cannot; the reaper exists for these. Lines in: `add <pid> <start time>`, `del <pid>`. Lines
 * out: `ready`, then `added <pid>` and `deleted <pid>` as acknowledgements.
 */
import { createInterface } from 'node:readline';
import { watchErrors, watchSignals } from '../program/ending.ts';
import { type ProcessIdentity, signalProcess, whenGone } from '../program/process-info.ts';
import { wayOut } from '../program/way-out.ts';

/** Maximum wait for the killed processes to end, milliseconds. */
const GIVE_UP_MS = 10_000;

const watched = new Map<number, ProcessIdentity>();

function onLine(line: string): void {
  const match = /^(add|del) (\d+)(?: (.+))?$/.exec(line);
  if (match === null) return;
  const pid = Number(match[2]);
  if (match[1] === 'del') {
    watched.delete(pid);
    say(`deleted ${pid}`);
  } else if (match[3] !== undefined) {
    watched.set(pid, { pid, startTime: match[3] });
    say(`added ${pid}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function reap(): Promise<void> {
  const left = [...watched.values()];
  for (const identity of left) signalProcess(identity, 'SIGKILL');
  process.exit((await whenGone(left, GIVE_UP_MS)) ? 0 : 1);
}

watchErrors(process, (problem) => process.exit(wayOut(problem, 'the reaper', 'the run').code));
// Only the end of the pipe ends the reaper. A stopped lab cannot start another one, and frozen servers would then be left.
watchSignals(process, { inOrder: () => undefined, atOnce: () => undefined });
// The lab may be gone already when an acknowledgement is written.
process.stdout.on('error', () => undefined);
const lines = createInterface({ input: process.stdin });
lines.on('line', onLine);
lines.on('close', () => void reap());
say('ready');
