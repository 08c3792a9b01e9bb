/**
 * The reaper: a tiny program of its own that outlives the lab by a moment and kills what the lab left behind. Its
 * standard input is a pipe from the lab; the lab's end of it closes however the lab dies. A *running* child notices
 * that by itself; a *stopped* one cannot, and is why this program exists. Lines in: `add <pid> <start time>`,
 * `del <pid>`. Lines out: `ready`, then `added <pid>` and `deleted <pid>` as acknowledgements.
 */
import { createInterface } from 'node:readline';
import { EXIT } from '../core/wire/index.ts';
import { watchErrors, watchSignals } from '../program/ending.ts';
import { type ProcessIdentity, signalProcess, whenGone } from '../program/process-info.ts';
import { wayOut } from '../program/way-out.ts';

/** How long it waits for the killed at most. */
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
watchSignals(process, {
  // Its orderly end begins when the lab's end of the pipe closes: a Ctrl-C must not take the guard away before that.
  inOrder: () => undefined,
  // The lab starts another one.
  atOnce: () => process.exit(EXIT.interrupted),
});
// The lab may be gone already when an acknowledgement is written.
process.stdout.on('error', () => undefined);
const lines = createInterface({ input: process.stdin });
lines.on('line', onLine);
lines.on('close', () => void reap());
say('ready');
