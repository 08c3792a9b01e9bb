/**
 * One dispatcher for every door: a request is checked against its row of the table, refused when the lab is not in the state
 * that the row needs, carried out, and answered as a value. Nothing that goes wrong leaves here as a rejection.
 * Flow: door → lab.ask → here → actions of the live run, sittings, or recording.
 */
import { perform } from '../../cluster/actions.ts';
import {
  type ActionName,
  type Answer,
  type Ask,
  isActionName,
  isRequestName,
  type NamesThatNeed,
  type Needs,
  parseAsk,
  REQUESTS,
  type RequestName,
} from '../../core/actions/index.ts';
import type { LabResult } from '../../core/lab-api/index.ts';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';
import { leaderOfMajority } from '../../core/trace/index.ts';
import { pastDisk, pastProcess, pastStores } from '../past-answers.ts';
import type { LiveSitting, PastSitting } from '../sitting.ts';
import type { Sittings } from '../sittings.ts';
import { labErrorOf } from '../thrown-error.ts';
import { mayEndWhen, noteUse } from './live-use.ts';

/** A handler for every name, so a row without one does not compile. */
type Handlers<Part, Names extends RequestName> = {
  readonly [Name in Names]: (part: Part, ask: Ask<Name>) => Promise<Answer<Name>>;
};

/** Requests that need no run. */
const OF_LAB: Handlers<Sittings, NamesThatNeed<'none'>> = {
  ready: async (sittings, { autoStart }) => (autoStart ? await sittings.ensureRun() : sittings.mode()),
  createRun: async (sittings, { endLive, ...choice }) => await sittings.create(choice, { mayEnd: mayEndWhen(endLive) }),
  continueRun: async (sittings, { runId, takeOver = false, endLive }) =>
    await sittings.continueRun(runId, { takeOver, mayEnd: mayEndWhen(endLive) }),
  openRun: async (sittings, { runId, endLive }) => await sittings.open(runId, { mayEnd: mayEndWhen(endLive) }),
  closeRun: async (sittings) => await sittings.closeRun(),
  deleteRun: async (sittings, ask) => await sittings.recordings.delete(ask),
  labelRun: async (sittings, ask) => await sittings.recordings.label(ask),
  keepRuns: async (sittings, ask) => await sittings.recordings.keep(ask),
  listRuns: async (sittings, ask) => await sittings.recordings.list(ask),
  dataFolder: async (sittings) => ({ path: sittings.dataFolder }),
  listScenarios: async (sittings) => await sittings.scenarios.list(),
  playScenario: async (sittings, { endLive, ...wish }) => {
    await sittings.scenarios.playNamed(wish, mayEndWhen(endLive));
    return sittings.mode();
  },
  playScenarioFile: async (sittings, { endLive, ...wish }) => {
    await sittings.scenarios.playText(wish, mayEndWhen(endLive));
    return sittings.mode();
  },
  stopScenario: async (sittings) => {
    sittings.scenarios.stop();
    return {};
  },
};

/** Questions that only a live run answers. */
const OF_LIVE_RUN: Handlers<LiveSitting, Exclude<NamesThatNeed<'live'>, ActionName>> = {
  serverState: async ({ run }, { server }) => await run.servers.state(server),
};

/** Questions that a live run and a recording answer alike. */
const OF_OPEN_RUN: Handlers<LiveSitting | PastSitting, NamesThatNeed<'open'>> = {
  stores: async (open, ask) =>
    open.mode === 'past' ? await pastStores(open, ask) : await open.run.servers.stores(ask),
  disk: async (open, { server }) =>
    open.mode === 'past' ? await pastDisk(open, server) : await open.run.servers.disk(server),
  process: async (open, ask) =>
    open.mode === 'past' ? await pastProcess(open, ask) : open.run.servers.process(ask.server),
  events: async ({ reader }, query) => await reader.events(query),
  viewAt: async ({ reader }, { timeUs }) => await reader.viewAt(timeUs),
  entry: async ({ reader }, { index, term }) => await reader.entry(index, term),
};

/**
 * Answers one request of a door. Never rejects.
 *
 * @param ask  as it came: it is checked here
 */
export async function dispatch<Name extends RequestName>(
  sittings: Sittings,
  name: Name,
  ask: unknown,
): Promise<LabResult<Answer<Name>>> {
  try {
    if (!isRequestName(name)) throw new LabProblem('bad-request', { detail: 'there is no such request' });
    const parsed = parseAsk(name, ask);
    if (!parsed.ok) throw new LabProblem('bad-request', { detail: parsed.detail });
    const value = (await answerOf(sittings, name, parsed.ask)) as Answer<Name>;
    noteUse(sittings.current(), name);
    return { ok: true, value };
  } catch (cause) {
    return { ok: false, error: labErrorOf(cause, sittings.dataFolder) };
  }
}

/**
 * Finds the handler of a request. The tables above give each name the handler of its own ask, which the type check cannot
 * follow for a name that is only known at run time: hence `never`.
 *
 * @param ask  has been checked
 * @throws LabProblem no-run, past-run, and as the handler does
 */
async function answerOf(sittings: Sittings, name: RequestName, ask: unknown): Promise<unknown> {
  if (doesNeed(name, 'none')) return await OF_LAB[name](sittings, ask as never);
  if (doesNeed(name, 'open')) return await OF_OPEN_RUN[name](openIn(sittings), ask as never);
  const live = liveIn(sittings);
  if (!isActionName(name)) return await OF_LIVE_RUN[name](live, ask as never);
  // A person at a door means the leader that can commit, not a deposed one that some client still believes in.
  return await perform(live.run, name, ask as never, { leader: () => leaderOfMajority(live.reader.view()) });
}

function doesNeed<State extends Needs>(name: RequestName, state: State): name is NamesThatNeed<State> {
  return REQUESTS[name].needs === state;
}

function openIn(sittings: Sittings): LiveSitting | PastSitting {
  const sitting = sittings.current();
  if (sitting.mode === 'idle') throw new LabProblem('no-run');
  return sitting;
}

function liveIn(sittings: Sittings): LiveSitting {
  const sitting = openIn(sittings);
  if (sitting.mode === 'past') throw new LabProblem('past-run');
  return sitting;
}
