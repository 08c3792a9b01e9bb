/**
 * Carries out the actions of the table (core/actions) on a live run. Doors, scenarios and random faults all act through here,
 * so an action means the same for all of them. An action without a handler does not compile.
 */
import { type ActionName, type Answer, type Ask, parseAsk } from '../core/actions/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { PaceName } from '../core/trace/index.ts';
import type { Timing, TimingChange } from '../core/vocabulary/index.ts';
import type { ServerId } from '../core/wire/index.ts';
import type { ClientPool } from './client-pool.ts';
import type { FaultControl } from './fault-control.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { Nemesis } from './nemesis.ts';
import type { NetworkProcess } from './network-process.ts';
import type { Servers } from './servers.ts';

/** The parts of a live run on which actions are carried out. */
export interface ActionParts {
  readonly servers: Servers;
  readonly faults: FaultControl;
  readonly links: Pick<NetworkProcess, 'reset'>;
  readonly clients: Pick<ClientPool, 'submit'>;
  readonly keepAlive: Pick<KeepAlive, 'set'>;
  readonly randomFaults: Pick<Nemesis, 'start' | 'stop'>;
  healAll(keepFrozen?: boolean): Promise<Answer<'heal'>>;
  setPace(pace: PaceName): Promise<void>;
  setTiming(change: TimingChange): Promise<Timing>;
}

/** A door's knowledge of the cluster that an action may use. */
export interface Hint {
  /**
   * Returns the server that a submitted command goes to first. When it is absent or returns null, the client finds the
   * leader.
   */
  readonly leader?: () => ServerId | null;
}

type Handlers = {
  readonly [Name in ActionName]: (run: ActionParts, ask: Ask<Name>, hint: Hint) => Promise<Answer<Name>>;
};

const HANDLERS: Handlers = {
  kill: async ({ servers }, { servers: ids, signal = 'SIGKILL' }) => servers.kill(ids, signal),
  restart: async ({ servers }, ask) => await servers.restart(ask.servers),
  killInWrite: async ({ servers }, ask) => {
    await Promise.all(ask.servers.map((id) => servers.lifeOf(id).dieInWrite()));
    return {};
  },
  freeze: async ({ servers }, ask) => await servers.freeze(ask.servers),
  resume: async ({ servers }, ask) => await servers.resume(ask.servers),
  cutOff: async ({ faults }, { servers }) => ({ fault: await faults.cutOff(servers) }),
  partition: async ({ faults }, { groups }) => ({ fault: await faults.partition(groups) }),
  cutClients: async ({ faults }, { servers }) => ({ fault: await faults.cutClients(servers) }),
  setLinks: async ({ faults }, { links, policy }) => ({ fault: await faults.setLinks(links, policy) }),
  resetLinks: async ({ links: connections }, { links }) => {
    await connections.reset(links);
    return {};
  },
  setNetwork: async ({ faults }, { is }) => ({ fault: await faults.setNetwork(is) }),
  heal: async (run, { fault, keepFrozen }) =>
    fault === undefined ? await run.healAll(keepFrozen) : { healed: await run.faults.heal(fault), resumed: [] },
  setKeepAlive: async ({ keepAlive }, { on }) => {
    keepAlive.set(on);
    return { on };
  },
  setRandomFaults: async ({ randomFaults }, { perMinute, seed }) => {
    if (perMinute > 0) return { seed: await randomFaults.start({ seed, perMinute }) };
    // Don't await recovery here; it is reported in the trace.
    void randomFaults.stop();
    return { seed: null };
  },
  setPace: async (run, { pace }) => {
    await run.setPace(pace);
    return { pace };
  },
  setTiming: async (run, change) => ({ timing: await run.setTiming(change) }),
  submit: async ({ clients }, { command }, { leader }) => await clients.submit(command, leader),
  startCommand: async ({ servers }, { server, command }) => await servers.start(server, command),
};

/**
 * Carries out an action whose ask has been checked.
 *
 * @throws LabProblem of the part of the run that carries it out
 */
export async function perform<Name extends ActionName>(
  run: ActionParts,
  name: Name,
  ask: Ask<Name>,
  hint: Hint = {},
): Promise<Answer<Name>> {
  return await HANDLERS[name](run, ask, hint);
}

/** Checks an ask that no door has checked, and carries the action out. @throws LabProblem bad-request, and as `perform` does */
export async function act<Name extends ActionName>(
  run: ActionParts,
  name: Name,
  ask: Ask<Name>,
): Promise<Answer<Name>> {
  const parsed = parseAsk(name, ask);
  if (!parsed.ok) throw new LabProblem('bad-request', { detail: parsed.detail });
  return await perform(run, name, parsed.ask);
}
