/**
 * The lab's own clients, for commands that a person enters. A client has one command under way at a time (one session),
 * so simultaneous commands go to different clients. Clients are made when they are first needed. Timeouts follow the
 * pace, so a slow cluster does not end commands as unknown. Flow: live run → here → src/client → network → servers.
 */
import { type Client, createClient } from '../client/index.ts';
import type { SubmitAnswer } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { type Lengths, longestElectionTicks, type Timing } from '../core/vocabulary/index.ts';
import type { Command, EventBody, ServerId } from '../core/wire/index.ts';

/** The parts of the run that the pool needs. */
export interface ClientPoolOptions {
  readonly runId: string;
  readonly secret: string;
  readonly servers: readonly ServerId[];
  readonly networkUrl: () => string;
  readonly originNs: bigint;
  /**
   * Highest life of each source in earlier parts of the run. Client `C1` of this part is a later life of the same
   * client.
   */
  readonly earlierLives: Readonly<Record<string, number>>;
  readonly timing: () => PoolTiming;
  readonly onEvent: (client: string, body: EventBody) => void;
}

/** The present timing of the cluster and its lengths in milliseconds. */
export type PoolTiming = Timing & Pick<Lengths, 'tickMs' | 'hopDelayMs'> & Partial<Lengths>;

/** The clients of a live run. */
export interface ClientPool {
  /**
   * Sends a command and waits for its result.
   *
   * @param leader  called when the command is about to be sent; returns the server to ask first. Null or absent: the
   * client finds the leader
   * @throws LabProblem busy when too many commands wait, or the run is closing
   */
  submit(command: Command, leader?: () => ServerId | null): Promise<SubmitAnswer>;
  /** Lets every client retry its commands of unknown outcome once. */
  settle(): Promise<void>;
  /** Closes the clients; commands under way end as unknown. */
  close(): Promise<void>;
}

const MAX_CLIENTS = 16;

/**
 * Returns the time limit of one attempt: the way to the leader, to a follower and back, a missed heartbeat and a slow
 * disk.
 *
 * @returns milliseconds
 */
export function attemptTimeoutMs({ tickMs, hopDelayMs, jitterMs = 0, heartbeatTicks }: PoolTiming): number {
  return 4 * (hopDelayMs + jitterMs) + 2 * heartbeatTicks * tickMs + 500;
}

/**
 * Returns the time limit of all attempts of one command: two elections of the longest timeout, one attempt
 * before them and one after.
 *
 * @returns milliseconds
 */
export function deadlineMs(timing: PoolTiming): number {
  const elections = 2 * longestElectionTicks(timing) * timing.tickMs;
  return Math.max(5_000, elections + 2 * attemptTimeoutMs(timing));
}

/** Returns a pool without clients. */
export function createClientPool(options: ClientPoolOptions): ClientPool {
  const clients: { readonly client: Client; waiting: number }[] = [];
  let closed = false;

  function add(): (typeof clients)[number] {
    const id = `C${clients.length + 1}`;
    const { runId, secret, servers, timing } = options;
    const client = createClient({
      id,
      runId,
      secret,
      servers,
      networkUrl: options.networkUrl(),
      originNs: String(options.originNs),
      life: (options.earlierLives[id] ?? 0) + 1,
      attemptTimeoutMs: () => attemptTimeoutMs(timing()),
      deadlineMs: () => deadlineMs(timing()),
      onEvent: (body) => options.onEvent(id, body),
    });
    const added = { client, waiting: 0 };
    clients.push(added);
    return added;
  }

  function pick(): (typeof clients)[number] {
    const idle = clients.find(({ waiting }) => waiting === 0);
    if (idle !== undefined) return idle;
    if (clients.length < MAX_CLIENTS) return add();
    return clients.reduce((least, one) => (one.waiting < least.waiting ? one : least));
  }

  return {
    submit: async (command, leader) => {
      if (closed) throw new LabProblem('busy');
      const picked = pick();
      picked.waiting += 1;
      const answer = await picked.client.submit(command, leader);
      picked.waiting -= 1;
      // The command was never sent: `busy` shows the person that it had no effect and may be repeated.
      if (answer.outcome === 'refused' && (answer.reason === 'busy' || answer.reason === 'closed')) {
        throw new LabProblem('busy');
      }
      return answer;
    },
    settle: async () => {
      await Promise.all(clients.map(({ client }) => client.settle()));
    },
    close: async () => {
      closed = true;
      await Promise.all(clients.map(({ client }) => client.close()));
    },
  };
}
