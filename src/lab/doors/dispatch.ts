/**
 * One dispatcher for every door: what was asked is checked, carried out on the open run, and answered as a value.
 * Commands need a live run, questions about the past are answered by a live and by an opened run alike, and nothing
 * that goes wrong leaves here as a rejection. Flow: door → lab.ask → here → sittings, live run or recording.
 */

import type { LiveRun } from '../../cluster/live-run.ts';
import {
  type Answer,
  isRequestName,
  type LabResult,
  parseAsk,
  type RequestName,
  type Requests,
} from '../../core/lab-api/index.ts';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';
import { leaderOfMajority } from '../../core/trace/index.ts';
import type { RunReader } from '../../recording/types.ts';
import { pastDisk, pastProcess, pastStores } from '../past-answers.ts';
import type { Sittings } from '../sittings.ts';
import { labErrorOf } from '../thrown-error.ts';
import { mayEndWhen, noteUse } from './live-use.ts';

type Handlers = {
  readonly [Name in RequestName]: (sittings: Sittings, ask: Requests[Name]['ask']) => Promise<Answer<Name>>;
};

const HANDLERS: Handlers = {
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
  kill: async (sittings, { servers, signal }) => liveOf(sittings).servers.kill(servers, signal),
  restart: async (sittings, { servers }) => await liveOf(sittings).servers.restart(servers),
  freeze: async (sittings, { servers }) => await liveOf(sittings).servers.freeze(servers),
  resume: async (sittings, { servers }) => await liveOf(sittings).servers.resume(servers),
  cut: async (sittings, { servers }) => ({ fault: await liveOf(sittings).faults.cutOff(servers) }),
  partition: async (sittings, { groups }) => ({ fault: await liveOf(sittings).faults.partition(groups) }),
  cutClients: async (sittings, { servers }) => ({ fault: await liveOf(sittings).faults.cutClients(servers) }),
  setLinks: async (sittings, { links, policy }) => ({ fault: await liveOf(sittings).faults.setLinks(links, policy) }),
  makeUnreliable: async (sittings, { longReordering }) => ({
    fault: await liveOf(sittings).faults.makeUnreliable(longReordering),
  }),
  heal: async (sittings, { fault, keepFrozen }) => {
    const run = liveOf(sittings);
    return fault === null ? await run.healAll(keepFrozen) : { healed: await run.faults.heal(fault), resumed: [] };
  },
  resetLinks: async (sittings, { links }) => {
    await liveOf(sittings).links.reset(links);
    return {};
  },
  setKeepAlive: async (sittings, { on }) => {
    liveOf(sittings).keepAlive.set(on);
    return { on };
  },
  startNemesis: async (sittings, { perMinute, seed }) => ({
    seed: await liveOf(sittings).randomFaults.start({ seed, perMinute }),
  }),
  stopNemesis: async (sittings) => {
    // Don't await recovery here; it is reported in the trace.
    void liveOf(sittings).randomFaults.stop();
    return {};
  },
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
  setPace: async (sittings, { pace }) => {
    await liveOf(sittings).setPace(pace);
    return { pace };
  },
  submit: async (sittings, { command }) => {
    const { run, reader } = liveSittingOf(sittings);
    // A person at a door means the leader that can commit, not a deposed one that some client still believes in.
    return await run.clients.submit(command, () => leaderOfMajority(reader.view()));
  },
  start: async (sittings, { server, command }) => await liveOf(sittings).servers.start(server, command),
  serverState: async (sittings, { server }) => await liveOf(sittings).servers.state(server),
  stores: async (sittings, ask) => {
    const sitting = sittings.current();
    return sitting.mode === 'past' ? await pastStores(sitting, ask) : await liveOf(sittings).servers.stores(ask);
  },
  disk: async (sittings, { server }) => {
    const sitting = sittings.current();
    return sitting.mode === 'past' ? await pastDisk(sitting, server) : await liveOf(sittings).servers.disk(server);
  },
  process: async (sittings, ask) => {
    const sitting = sittings.current();
    return sitting.mode === 'past' ? await pastProcess(sitting, ask) : liveOf(sittings).servers.process(ask.server);
  },
  events: async (sittings, query) => await readerOf(sittings).events(query),
  viewAt: async (sittings, { timeUs }) => await readerOf(sittings).viewAt(timeUs),
  entry: async (sittings, { index, term }) => await readerOf(sittings).entry(index, term),
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
    const value = await HANDLERS[name](sittings, parsed.ask);
    noteUse(sittings.current(), name);
    return { ok: true, value };
  } catch (cause) {
    return { ok: false, error: labErrorOf(cause, sittings.dataFolder) };
  }
}

function liveOf(sittings: Sittings): LiveRun {
  return liveSittingOf(sittings).run;
}

function liveSittingOf(sittings: Sittings): Extract<ReturnType<Sittings['current']>, { readonly mode: 'live' }> {
  const sitting = sittings.current();
  if (sitting.mode === 'idle') throw new LabProblem('no-run');
  if (sitting.mode === 'past') throw new LabProblem('past-run');
  return sitting;
}

function readerOf(sittings: Sittings): RunReader {
  const sitting = sittings.current();
  if (sitting.mode === 'idle') throw new LabProblem('no-run');
  return sitting.reader;
}
