/**
 * A lab as a program of its own that performs every kind of action until it is killed. Arguments: data folder, folder
 * of the built programs, seed, number of writers, the activity that the test waits for. Prints its current activity on
 * stdout, so that a test can kill it at that moment.
 */
import { join } from 'node:path';
import { createLab } from '../../../src/lab/index.ts';

const [, , dataFolder = '', programs = '', seedText = '1', writers = '1', awaited = ''] = process.argv;
let word = Number(seedText) >>> 0;

/** Draws a repeatable number, 0 ≤ number < 1. */
function random(): number {
  word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
  return word / 2 ** 32;
}

/** Draws whether to do these activities in this round. The awaited one is part of every round. */
function does(activities: readonly string[]): boolean {
  return random() < 0.5 || activities.includes(awaited);
}

function say(what: string): void {
  process.stdout.write(`${what}\n`);
}

const file = (name: string): string => join(programs, `${name}.mjs`);
say('creating');
const lab = await createLab({
  dataFolder,
  programs: { peer: file('peer'), network: file('network'), reaper: file('reaper') },
});
const run = lab.ask('createRun', { servers: 3, pace: 'real', durability: 'os-cache' });
say('spawning');
const mode = await run;
say(mode.ok && mode.value.mode === 'live' ? `running ${mode.value.runId}` : `failed ${JSON.stringify(mode)}`);

lab.listen((push) => {
  if (push.type === 'events' && push.page.events.some(({ event }) => event === 'SegmentSealed')) say('sealing');
});
for (let writer = 1; writer <= Number(writers); writer += 1) void write(`writer${writer}`);

async function write(key: string): Promise<never> {
  for (let round = 1; ; round += 1) {
    const answer = await lab.ask('submit', { command: { op: 'set', key, value: String(round) } });
    // A request is refused at once while the lab is busy, so other work gets a turn before the next one.
    if (!answer.ok) await new Promise((resume) => setImmediate(resume));
  }
}

for (;;) {
  const server = `S${1 + Math.floor(random() * 3)}`;
  await lab.ask('submit', { command: { op: 'append', key: 'rounds', value: '.' } });
  if (does(['killing', 'restarting'])) {
    say('killing');
    await lab.ask('kill', { servers: [server], signal: 'SIGKILL' });
    say('restarting');
    await lab.ask('restart', { servers: [server] });
  }
  if (does(['freezing', 'frozen', 'resuming'])) {
    say('freezing');
    const frozen = await lab.ask('freeze', { servers: [server] });
    if (frozen.ok) {
      say('frozen');
      await lab.ask('submit', { command: { op: 'append', key: 'rounds', value: '-' } });
      say('resuming');
      await lab.ask('resume', { servers: [server] });
    }
  }
  if (random() < 0.3) {
    await lab.ask('cutOff', { servers: [server] });
    await lab.ask('heal', {});
  }
  say('flushing');
  const exported = await lab.exportRun();
  if (exported.ok) exported.value.stream.resume();
}
