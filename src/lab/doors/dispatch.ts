/**
 * One dispatcher for every door. A request is checked against its row of the table, refused when the lab is not in the
 * state that the row needs, carried out, and answered with a value. Errors become answers; the dispatcher never
 * rejects. Flow: door → lab.ask → here → actions of the live run, workspace, or recording.
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
import { labErrorOf } from '../thrown-error.ts';
import type { Workspace } from '../workspace.ts';
import type { LiveState, PastState } from '../workspace-state.ts';
import { mayEndWhen, noteUse } from './live-use.ts';

/** A handler for every name. A row without a handler does not compile. */
type Handlers<Part, Names extends RequestName> = {
  readonly [Name in Names]: (part: Part, ask: Ask<Name>) => Promise<Answer<Name>>;
};

/** Requests that need no run. */
const OF_LAB: Handlers<Workspace, NamesThatNeed<'none'>> = {
  ready: async (workspace, { autoStart }) => (autoStart ? await workspace.ensureRun() : workspace.mode()),
  createRun: async (workspace, { endLive, ...choice }) =>
    await workspace.create(choice, { mayEnd: mayEndWhen(endLive) }),
  continueRun: async (workspace, { runId, takeOver = false, endLive }) =>
    await workspace.continueRun(runId, { takeOver, mayEnd: mayEndWhen(endLive) }),
  openRun: async (workspace, { runId, endLive }) => await workspace.open(runId, { mayEnd: mayEndWhen(endLive) }),
  closeRun: async (workspace) => await workspace.closeRun(),
  deleteRun: async (workspace, ask) => await workspace.recordings.delete(ask),
  labelRun: async (workspace, ask) => await workspace.recordings.label(ask),
  keepRuns: async (workspace, ask) => await workspace.recordings.keep(ask),
  listRuns: async (workspace, ask) => await workspace.recordings.list(ask),
  dataFolder: async (workspace) => ({ path: workspace.dataFolder }),
  listScenarios: async (workspace) => await workspace.scenarios.list(),
  playScenario: async (workspace, { endLive, ...wish }) => {
    await workspace.scenarios.playNamed(wish, mayEndWhen(endLive));
    return workspace.mode();
  },
  playScenarioFile: async (workspace, { endLive, ...wish }) => {
    await workspace.scenarios.playText(wish, mayEndWhen(endLive));
    return workspace.mode();
  },
  stopScenario: async (workspace) => {
    workspace.scenarios.stop();
    return {};
  },
};

/** Questions that only a live run answers. */
const OF_LIVE_RUN: Handlers<LiveState, Exclude<NamesThatNeed<'live'>, ActionName>> = {
  serverState: async ({ run }, { server }) => await run.servers.state(server),
};

/** Questions that a live run and a recording answer in the same way. */
const OF_OPEN_RUN: Handlers<LiveState | PastState, NamesThatNeed<'open'>> = {
  stores: async (open, ask) =>
    open.mode === 'past' ? await pastStores(open, ask) : await open.run.servers.stores(ask),
  disk: async (open, { server }) =>
    open.mode === 'past' ? await pastDisk(open, server) : await open.run.servers.disk(server),
  process: async (open, ask) =>
    open.mode === 'past' ? await pastProcess(open, ask) : open.run.servers.process(ask.server),
  events: async ({ reader }, query) => await reader.events(query),
  commands: async ({ reader }, ask) => await reader.commands(ask),
  graphs: async ({ reader }) => await reader.graphs(),
  viewAt: async ({ reader }, { timeUs }) => await reader.viewAt(timeUs),
  indexLife: async ({ reader }, question) => await reader.indexLife(question),
  why: async ({ reader }, ask) => await reader.why(ask),
};

/**
 * Answers one request of a door. Never rejects.
 *
 * @param ask  as the door received it; checked here
 */
export async function dispatch<Name extends RequestName>(
  workspace: Workspace,
  name: Name,
  ask: unknown,
): Promise<LabResult<Answer<Name>>> {
  try {
    if (!isRequestName(name)) throw new LabProblem('bad-request', { detail: 'there is no such request' });
    const parsed = parseAsk(name, ask);
    if (!parsed.ok) throw new LabProblem('bad-request', { detail: parsed.detail });
    const value = (await answerOf(workspace, name, parsed.ask)) as Answer<Name>;
    noteUse(workspace.current(), name);
    return { ok: true, value };
  } catch (cause) {
    return { ok: false, error: labErrorOf(cause, workspace.dataFolder) };
  }
}

/**
 * Finds the handler of a request. The tables above give each name the handler of its own ask. The type check cannot
 * follow that for a name known only at run time, so the ask is passed as `never`.
 *
 * @param ask  already checked
 * @throws LabProblem no-run, past-run, and as the handler does
 */
async function answerOf(workspace: Workspace, name: RequestName, ask: unknown): Promise<unknown> {
  if (doesNeed(name, 'none')) return await OF_LAB[name](workspace, ask as never);
  if (doesNeed(name, 'open')) return await OF_OPEN_RUN[name](openIn(workspace), ask as never);
  const live = liveIn(workspace);
  if (!isActionName(name)) return await OF_LIVE_RUN[name](live, ask as never);
  // A person at a door means the leader that can commit, not a deposed one that some client still takes for the leader.
  return await perform(live.run, name, ask as never, { leader: () => leaderOfMajority(live.reader.view()) });
}

function doesNeed<State extends Needs>(name: RequestName, state: State): name is NamesThatNeed<State> {
  return REQUESTS[name].needs === state;
}

function openIn(workspace: Workspace): LiveState | PastState {
  const current = workspace.current();
  if (current.mode === 'idle') throw new LabProblem('no-run');
  return current;
}

function liveIn(workspace: Workspace): LiveState {
  const current = openIn(workspace);
  if (current.mode === 'past') throw new LabProblem('past-run');
  return current;
}
