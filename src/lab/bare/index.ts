/**
 * The host of a bare cluster (`out/main/bench-host.js`): starts a network and servers and answers questions about them,
 * without a recording, a view, judges or a door. `raft-lab bench --lab off` uses it to measure servers and network
 * alone. It reads its orders from the environment, and stops everything in order when its standard input ends or on
 * SIGTERM.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';
import packageJson from '../../../package.json' with { type: 'json' };
import { LiveRun } from '../../cluster/live-run.ts';
import { NO_EARLIER_PARTS } from '../../cluster/live-run-options.ts';
import { settingsFor } from '../../cluster/run-settings.ts';
import { timingOf } from '../../core/vocabulary/index.ts';
import { EXIT, type ServerId, type ServerStateView } from '../../core/wire/index.ts';
import { watchErrors, watchSignals } from '../../program/ending.ts';
import { wayOut } from '../../program/way-out.ts';
import { createRunFolder, serverFolder } from '../../recording/index.ts';
import { type CountingRecorder, countingRecorder } from './counting-recorder.ts';
import { BARE_ORDERS, type BareLine, type BareOrders, type BareQuestion, type BareUp } from './protocol.ts';

let run: LiveRun | null = null;
let ending: Promise<never> | null = null;

const end = (code: number): void => {
  ending ??= stopped(code);
};
/** Reports that the cluster failed: `raft-lab bench` prints the last line on stderr. */
const fail = (message: string): void => {
  console.error(message);
  end(1);
};
const crash = (problem: unknown): void => {
  const { text, code } = wayOut(problem, "the bench's host", 'the bench');
  console.error(text);
  end(code);
};
watchErrors(process, crash);
const signals = watchSignals(process, {
  inOrder: () => end(EXIT.ok),
  atOnce: () => {
    run?.killNow();
    process.exit(EXIT.interrupted);
  },
  // A terminal sends these signals to the bench as well, and the bench decides when this program ends.
  leftToParent: ['SIGINT', 'SIGHUP'],
});
process.stdout.on('error', () => undefined);

const questions = createInterface({ input: process.stdin });
questions.on('close', signals.begin);
// Our own parent, `raft-lab bench`, wrote the orders, so they are not checked.
const orders = JSON.parse(process.env[BARE_ORDERS] ?? '{}') as BareOrders;
delete process.env[BARE_ORDERS];
await begin(orders);

async function begin({ dataFolder, programs, servers, durability }: BareOrders): Promise<void> {
  const settings = settingsFor({ servers, durability, pace: 'real', preset: 'paper' }, randomInt(2 ** 32));
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: packageJson.version });
  const originNs = process.hrtime.bigint();
  const recorder = countingRecorder({ runId, settings, originNs, onProblem: fail });
  const secret = randomBytes(32).toString('base64url');
  const began = await LiveRun.prepare({
    settings,
    programs,
    recorder,
    secret,
    originNs,
    serverFolder: (id) => serverFolder(folder, id),
    pace: 'real',
    timing: timingOf(settings),
    runFolder: folder,
    earlier: NO_EARLIER_PARTS,
    onFailed: fail,
  });
  run = began;
  if (ending !== null) return;
  await began.begin();
  await began.began;
  const pids = settings.servers.map((id) => [id, began.servers.process(id).pid ?? 0] as const);
  const folders = settings.servers.map((id) => [id, serverFolder(folder, id)] as const);
  const up: BareUp = {
    type: 'up',
    runId,
    secret,
    networkUrl: began.links.url,
    originNs: String(originNs),
    networkPid: recorder.networkPid() ?? 0,
    serverPids: Object.fromEntries(pids),
    serverFolders: Object.fromEntries(folders),
  };
  say(up);
  questions.on('line', (line) => void answer(began, recorder, JSON.parse(line) as BareQuestion));
}

async function answer(cluster: LiveRun, recorder: CountingRecorder, { id, ask }: BareQuestion): Promise<void> {
  if (ask === 'counts') say({ type: 'counts', id, counts: recorder.counts() });
  else say({ type: 'states', id, states: await statesOf(cluster, recorder.settings.servers) });
}

async function statesOf(
  cluster: LiveRun,
  servers: readonly ServerId[],
): Promise<Readonly<Record<ServerId, ServerStateView | null>>> {
  const states = servers.map(async (id) => {
    const state = await cluster.servers.state(id);
    return [id, 'noAnswer' in state ? null : state] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}

function say(line: BareLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function stopped(code: number): Promise<never> {
  try {
    await run?.stop();
  } catch (problem) {
    console.error(String(problem));
    run?.killNow();
  }
  process.exit(code);
}
