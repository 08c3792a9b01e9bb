/** Drives a live run for a scenario with actions, questions over the control channels, and events as they arrive. */
import { setTimeout } from 'node:timers/promises';
import { act } from '../cluster/actions.ts';
import type { LiveRun } from '../cluster/live-run.ts';
import type { ServerLife } from '../cluster/servers.ts';
import type { ActionName, Answer, Ask, SubmitAnswer } from '../core/actions/index.ts';
import type { BothLanguages } from '../core/trace/index.ts';
import { type Command, describeCommand, endsOf } from '../core/vocabulary/index.ts';
import { type EventBody, isClientId, type ServerId } from '../core/wire/index.ts';
import { serverFolder } from '../recording/index.ts';
import { Applied } from './applied.ts';
import { checkFiles, type Whereabouts } from './check-files.ts';
import type { ClusterDriver } from './cluster-driver.ts';
import { ScenarioFailure } from './failure.ts';
import { PAGE_KEYS } from './whole-stores.ts';
import { runWorkload } from './workload.ts';

/** Counts of one playing of a scenario. */
export interface Tally {
  readonly elections: number;
  /** Requests delivered to servers in all their lives. */
  readonly rpcs: number;
}

/** The driver of one live run. It listens to events until `close`. */
export class LiveRunDriver implements ClusterDriver {
  readonly servers: readonly ServerId[];
  readonly #run: LiveRun;
  readonly #calledOff: AbortSignal;
  readonly #applied = new Applied();
  readonly #stop: () => void;
  /** Servers that were spawned and have not yet reported that they are ready. */
  readonly #booting = new Set<ServerId>();
  readonly #folderOf: (server: ServerId) => string;
  /** Texts whose append was acknowledged to a client. */
  readonly #appended: { readonly token: string; readonly key: string; readonly index: number }[] = [];
  #workloads = 0;
  /** Number of answered commands in all workloads. */
  #answered = 0;
  #leader = { server: 0, term: 0 };
  #torn = 0;
  #elections = 0;
  #rpcs = 0;

  /** Starts to listen. @param folder  the run folder */
  constructor(run: LiveRun, folder: string, servers: readonly ServerId[], calledOff: AbortSignal) {
    this.#run = run;
    this.#folderOf = (server) => serverFolder(folder, server);
    this.servers = servers;
    this.#calledOff = calledOff;
    this.#stop = run.hear((source, event) => this.#hear(source, event));
  }

  /** Stops listening and returns the counts. */
  close(): Tally {
    this.#stop();
    return { elections: this.#elections, rpcs: this.#rpcs };
  }

  nowMs = (): number => performance.now();

  isAlive = (server: ServerId): boolean => {
    const { phase } = this.#run.servers.lifeOf(server);
    return phase === 'up' || phase === 'starting' || phase === 'waiting';
  };

  isUp = (server: ServerId): boolean => this.#run.servers.lifeOf(server).phase === 'up';

  leader = (): number => this.#leader.server;

  assertGoesOn = (): void => this.#calledOff.throwIfAborted();

  sleep = async (ms: number): Promise<void> => {
    const signal = this.#calledOff;
    await setTimeout(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  };

  start = async (server: ServerId, value: number) => {
    this.assertGoesOn();
    // A server that is frozen or still boots would not answer in time.
    if (!this.#run.servers.lifeOf(server).isRunning) return { accepted: false, index: -1, term: -1 };
    const answer = await this.#run.servers.start(server, { op: 'set', key: 'x', value: String(value) });
    return { accepted: answer.outcome === 'accepted', index: answer.index ?? -1, term: answer.term ?? -1 };
  };

  state = async (server: ServerId) => {
    if (!this.#run.servers.lifeOf(server).isRunning) return null;
    const state = await this.#run.servers.state(server);
    return 'noAnswer' in state ? null : { term: state.term, isLeader: state.isLeader };
  };

  act = async <Name extends ActionName>(name: Name, ask: Ask<Name>): Promise<Answer<Name>> => {
    // A server that is killed while it boots did not fail to start.
    if (name === 'kill' && 'servers' in ask) for (const server of ask.servers) this.#booting.delete(server);
    const answer = await act(this.#run, name, ask);
    const settle: ((ask: Ask<Name>, answer: Answer<Name>) => Promise<void>) | undefined = this.#settle[name];
    await settle?.(ask, answer);
    return answer;
  };

  /** Waits for the effects of actions that are not over when they are answered. */
  readonly #settle: Settlers = {
    kill: async ({ servers }) => {
      // A frozen server acts on SIGTERM only when it is resumed, so the wait may last until the scenario is called off.
      await this.#untilCalledOff(Promise.all(servers.map((server) => this.#run.servers.lifeOf(server).over)));
    },
    restart: async ({ servers }) => {
      for (const server of servers) this.#booting.add(server);
      await this.booted();
    },
    setRandomFaults: async ({ perMinute }) => {
      if (perMinute === 0) await this.#run.randomFaults.stop();
    },
    submit: async ({ command }, answer) => {
      this.#noteAppended(command, answer);
      wantDone(command, answer);
    },
  };

  spawn = async (servers: readonly ServerId[]): Promise<void> => {
    await this.#run.servers.restart(servers);
    for (const server of servers) this.#booting.add(server);
  };

  /**
   * Waits until all booting servers are up.
   *
   * @throws ScenarioFailure lab-failure for a server that ended before that without being killed
   */
  async booted(): Promise<void> {
    for (const server of [...this.#booting]) {
      const life = this.#run.servers.lifeOf(server);
      await life.settled;
      if (this.#booting.delete(server) && life.phase !== 'up') {
        throw new ScenarioFailure('lab-failure', `${server} did not start: ${this.#lastWords(server)}`);
      }
    }
  }

  torn = (): number => this.#torn;

  checkFiles = async (): Promise<void> => {
    await checkFiles({
      servers: this.servers,
      whereabouts: (server) => whereaboutsOf(this.#run.servers.lifeOf(server)),
      folderOf: this.#folderOf,
      state: (server) => this.#run.servers.state(server),
      stores: (after) => this.#run.servers.stores({ limit: PAGE_KEYS, ...(after === undefined ? {} : { after }) }),
      appended: this.#appended,
      nowMs: this.nowMs,
      sleep: this.sleep,
    });
  };

  clients = async (count: number, isOn: () => boolean, chance: () => number): Promise<void> => {
    this.#workloads += 1;
    await runWorkload({
      count,
      isOn,
      chance,
      name: `${this.#workloads}`,
      submit: async (command) => {
        const answer = await act(this.#run, 'submit', { command });
        this.#noteAppended(command, answer);
        if (answer.outcome === 'done') this.#answered += 1;
        return answer;
      },
      sleep: this.sleep,
    });
    await this.#run.clients.settle();
  };

  /**
   * Requires that some command of the clients was answered.
   *
   * @throws ScenarioFailure unknown when there were clients and none of their commands was answered
   */
  wantAnswers(): void {
    if (this.#workloads === 0 || this.#answered > 0) return;
    throw new ScenarioFailure('unknown', {
      en: 'no command of the clients was answered, so nothing can be said of what they were told',
      zh: '客户的命令没有一条得到回答，无从判断他们得到的回答',
    });
  }

  applied = (index: number) => {
    const { count, values } = this.#applied.at(index);
    return { count, values: values.map(startedValue) };
  };

  conflict = (): BothLanguages | null => this.#applied.conflict;

  rpcs = async (): Promise<number> => {
    const counts = await this.#run.links.counts();
    if (counts === null) throw new ScenarioFailure('lab-failure', 'the network process does not answer');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };

  /** Waits for `work`, which never rejects. @throws the signal's reason when the scenario is called off before */
  async #untilCalledOff(work: Promise<unknown>): Promise<void> {
    const signal = this.#calledOff;
    const over = new AbortController();
    const calledOff = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { signal: over.signal });
    });
    await Promise.race([work, calledOff]);
    over.abort();
    signal.throwIfAborted();
  }

  #noteAppended(command: Command, answer: SubmitAnswer): void {
    if (answer.outcome !== 'done' || !answer.result.ok || command.op !== 'append') return;
    this.#appended.push({ token: command.value, key: command.key, index: answer.index });
  }

  #hear(source: string, event: EventBody): void {
    if (event.event === 'MessageDelivered') {
      // Only requests between servers count, as in the network's own count. A client's request is no RPC of Raft.
      if (event.kind === 'request' && !isClientId(endsOf(String(event.link)).from)) this.#rpcs += 1;
      return;
    }
    if (event.event === 'TornTailCut') this.#torn += 1;
    if (event.event === 'LeaderElected') {
      this.#elections += 1;
      const term = event.term as number;
      if (term > this.#leader.term) this.#leader = { term, server: this.servers.indexOf(source) + 1 };
    }
    if (this.servers.includes(source)) this.#applied.hear(source, event);
  }

  #lastWords(server: ServerId): string {
    return this.#run.servers.process(server).stderr.at(-1) ?? 'it said nothing';
  }
}

/** Functions that wait for an action's effect, by the action's name. */
type Settlers = { readonly [Name in ActionName]?: (ask: Ask<Name>, answer: Answer<Name>) => Promise<void> };

/** @throws ScenarioFailure violated for a command that was not done */
function wantDone(command: Command, answer: SubmitAnswer): void {
  if (answer.outcome === 'done') return;
  const what = describeCommand(command);
  throw new ScenarioFailure(
    'violated',
    answer.outcome === 'refused'
      ? { en: `"${what}" was refused: ${answer.reason}`, zh: `“${what}”被拒绝：${answer.reason}` }
      : {
          en: `"${what}" was asked ${answer.attempts} times and not answered`,
          zh: `“${what}”问了 ${answer.attempts} 次，没有得到回答`,
        },
  );
}

function whereaboutsOf({ phase, isFrozen }: ServerLife): Whereabouts {
  if (phase === 'up') return isFrozen ? 'frozen' : 'running';
  return phase === 'waiting' ? 'starting' : phase;
}

/** Returns the value of Start; -1 for an entry that no scenario placed. */
function startedValue(command: unknown): number {
  const { value } = (command ?? {}) as { readonly value?: unknown };
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : -1;
}
