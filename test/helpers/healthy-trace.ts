/**
 * Generates the trace of a correct cluster from a seed: clients with sessions, batches, commits, messages and, at
 * intervals, a killed server with its observed files and its restart. A killed leader also causes an election. Tests
 * use it for millions of events, which a real run would take too long to make. Each event is passed on at once and not
 * stored.
 */
import { chainOf, GENESIS_CHAIN } from '../../src/core/raft/index.ts';
import type { AnyEvent, RunSettings, TraceEvent } from '../../src/core/trace/index.ts';
import type { WireEntry } from '../../src/core/vocabulary/index.ts';
import type { Command, CommandResult } from '../../src/core/wire/index.ts';

export interface HealthyTraceOptions {
  readonly seed: number;
  /** Commands of 60,000 characters in each thousand events. */
  readonly largePerThousand: number;
  /** Number of events between two kills. */
  readonly killEvery: number;
  /** Run time between two events, microseconds. */
  readonly usPerEvent: number;
}

const SERVERS = ['S1', 'S2', 'S3'] as const;
const CLIENTS = 8;
const LARGE_UNITS = 60_000;
const LARGE_KEYS = 64;
const SMALL_KEYS = 1_000;
/** Longest value, in characters, that appends build before the key is set again. */
const LONGEST_APPENDED = 500;

/** Settings of the run that the trace belongs to. */
export const HEALTHY_SETTINGS: RunSettings = {
  servers: SERVERS,
  ...{ pace: 'real', preset: 'paper', durability: 'fsync', electionTicks: 15, heartbeatTicks: 5, seed: 1 },
  flags: { preVote: false, checkQuorum: false, noop: true },
};

interface Server {
  readonly id: string;
  life: number;
  isUp: boolean;
  term: number;
  votedFor: string | null;
  lastIndex: number;
  chain: string;
  committed: number;
  messages: number;
}

interface Client {
  readonly id: string;
  session: number;
  sequence: number;
}

interface Asked {
  readonly client: Client;
  readonly operation: string;
  readonly command: Command;
}

export class HealthyTrace {
  readonly #options: HealthyTraceOptions;
  readonly #hear: (event: TraceEvent) => void;
  readonly #servers: readonly Server[] = SERVERS.map((id) => ({
    ...{
      id,
      life: 1,
      isUp: true,
      term: 0,
      votedFor: null,
      lastIndex: 0,
      chain: GENESIS_CHAIN,
      committed: 0,
      messages: 0,
    },
  }));
  readonly #clients: readonly Client[];
  readonly #store = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #filler: Buffer;
  #leader: Server;
  #term = 0;
  /** Term of the last entry. */
  #lastTerm = 0;
  #word: number;
  #seq = 0;
  #operations = 0;
  #large = 0;
  #kills = 0;
  #nextKill: number;

  constructor(options: HealthyTraceOptions, hear: (event: TraceEvent) => void) {
    this.#options = options;
    this.#hear = hear;
    this.#word = options.seed >>> 0;
    this.#nextKill = options.killEvery;
    this.#leader = this.#servers[0] as Server;
    this.#clients = Array.from({ length: CLIENTS }, (_, at) => ({ id: `C${at + 1}`, session: 0, sequence: 0 }));
    this.#filler = Buffer.from(Array.from({ length: 2 * LARGE_UNITS }, () => 97 + this.#draw(26)));
    this.#begin();
  }

  get events(): number {
    return this.#seq;
  }

  get largeCommands(): number {
    return this.#large;
  }

  /** Adds events until the trace has at least `events`. */
  runTo(events: number): void {
    while (this.#seq < events) {
      this.#round();
      if (this.#seq < this.#nextKill) continue;
      this.#nextKill += this.#options.killEvery;
      // Every second kill hits the leader, so that a short trace has elections too.
      this.#kills += 1;
      this.#kill(this.#kills % 2 === 1 ? this.#leader : (this.#servers[this.#draw(SERVERS.length)] as Server));
    }
  }

  #begin(): void {
    this.#tell('lab', 1, { event: 'NetworkSpawned', pid: 1 });
    for (const server of this.#servers) this.#start(server);
    this.#elect(this.#leader);
    for (const client of this.#clients) {
      const index = this.#leader.lastIndex + 1;
      this.#replicate([{ index, term: this.#term, type: 'session' }]);
      client.session = index;
      this.#tell(client.id, 1, { event: 'SessionOpened', client: client.id as 'C1', session: index });
    }
  }

  /** Some clients send a command at the same time; the leader appends the commands as one batch. */
  #round(): void {
    const first = this.#draw(CLIENTS);
    const asked = Array.from({ length: 1 + this.#draw(4) }, (_, at) =>
      this.#ask(this.#clients[(first + at) % CLIENTS] as Client),
    );
    const index = this.#leader.lastIndex + 1;
    this.#replicate(asked.map((one, at) => this.#entry(one, index + at)));
    for (const [at, one] of asked.entries()) this.#answer(one, index + at);
  }

  #ask(client: Client): Asked {
    this.#operations += 1;
    client.sequence += 1;
    const operation = `${client.id}-${this.#operations}`;
    const command = copied(this.#command());
    const { session, sequence } = client;
    const asks = { event: 'CommandInvoked', operation, client: client.id, session, sequence, command } as AnyEvent;
    this.#tell(client.id, 1, asks);
    this.#tell(client.id, 1, { event: 'CommandSent', operation, to: this.#leader.id, attempt: 1 });
    return { client, operation, command };
  }

  /**
   * Returns the entry as the server received it, with its own copies of long texts, as if parsed from a line of its
   * own.
   */
  #entry({ client, command }: Asked, index: number): WireEntry {
    const { session, sequence } = client;
    return { index, term: this.#term, type: 'command', session, sequence, command: copied(command) };
  }

  #answer({ client, operation, command }: Asked, index: number): void {
    const result = copied(this.#execute(command));
    const done = { event: 'CommandDone', operation, index, term: this.#term, server: this.#leader.id } as const;
    this.#tell(client.id, 1, { ...done, result, latencyUs: 2_000 });
  }

  #command(): Command {
    if (this.#large < (this.#seq * this.#options.largePerThousand) / 1_000) {
      this.#large += 1;
      const from = this.#draw(LARGE_UNITS);
      const value = `${this.#large} ${this.#filler.toString('latin1', from, from + LARGE_UNITS)}`.slice(0, LARGE_UNITS);
      return { op: 'set', key: `large ${this.#draw(LARGE_KEYS)}`, value };
    }
    const key = `key ${this.#draw(SMALL_KEYS)}`;
    const value = `value ${this.#operations}`;
    const before = this.#store.get(key) ?? null;
    const drawn = this.#draw(10);
    if (drawn === 0) return { op: 'get', key };
    if (drawn === 1) return { op: 'delete', key };
    if (drawn === 2) return { op: 'cas', key, expected: this.#draw(2) === 0 ? before : 'other', value };
    return drawn < 6 && (before ?? '').length < LONGEST_APPENDED
      ? { op: 'append', key, value }
      : { op: 'set', key, value };
  }

  #execute(command: Command): CommandResult {
    const previous = this.#store.get(command.key) ?? null;
    const write = (value: string, more: { readonly swapped?: boolean } = {}): CommandResult => {
      this.#store.set(command.key, value);
      return { ok: true, value, previous, ...more };
    };
    switch (command.op) {
      case 'get':
        return { ok: true, value: previous, previous };
      case 'delete':
        this.#store.delete(command.key);
        return { ok: true, value: null, previous };
      case 'set':
        return write(command.value);
      case 'append':
        return write((previous ?? '') + command.value);
      case 'cas':
        if (previous !== command.expected) return { ok: true, value: previous, previous, swapped: false };
        return write(command.value, { swapped: true });
    }
  }

  /**
   * The leader appends the entries, every server that is up replicates them, and entries on a majority are committed
   * and applied.
   */
  #replicate(entries: readonly WireEntry[], isCommitted = true): void {
    const leader = this.#leader;
    const first = leader.lastIndex + 1;
    const last = leader.lastIndex + entries.length;
    const chain = entries.reduce(chainOf, leader.chain);
    const term = this.#term;
    this.#lastTerm = term;
    this.#tell(leader.id, leader.life, { event: 'EntriesProposed', term, first, last, chain, entries });
    for (const follower of this.#followers()) this.#send(leader, follower, { first, last });
    this.#append(leader, last, chain);
    for (const follower of this.#followers()) {
      this.#append(follower, last, chain);
      this.#send(follower, leader, { matchIndex: last });
      const progress = { event: 'ProgressChanged', peer: follower.id, state: 'replicate' } as const;
      this.#tell(leader.id, leader.life, { ...progress, term, matchIndex: last, nextIndex: last + 1 });
    }
    if (!isCommitted) return;
    this.#commit(leader, 'quorum');
    for (const follower of this.#followers()) {
      this.#send(leader, follower, {});
      this.#commit(follower, 'leader-commit');
    }
  }

  #append(server: Server, last: number, chain: string): void {
    const first = server.lastIndex + 1;
    Object.assign(server, { lastIndex: last, chain });
    const runs = [{ term: this.#lastTerm, first, last }];
    this.#tell(server.id, server.life, { event: 'EntriesAppended', term: server.term, first, last, chain, runs });
  }

  #commit(server: Server, reason: 'quorum' | 'leader-commit'): void {
    const { id, life, term, committed: from, lastIndex: to, chain } = server;
    server.committed = to;
    this.#tell(id, life, { event: 'CommitAdvanced', term, from, to, reason, chain });
    this.#tell(id, life, { event: 'EntriesApplied', first: from + 1, last: to, chain });
  }

  #kill(server: Server): void {
    const wasLeader = server === this.#leader;
    const { id, life: ofLife } = server;
    const inDoubt = wasLeader ? this.#leaveInDoubt() : null;
    const { term, votedFor, lastIndex, chain } = server;
    const held = { term, votedFor, lastIndex, chain };
    const target = { server: id, ofLife, pid: 2 } as const;
    server.isUp = false;
    this.#tell('lab', 1, { event: 'SignalOrdered', ...target, signal: 'SIGKILL' });
    this.#tell('lab', 1, {
      event: 'ServerExited',
      ...target,
      code: null,
      signal: 'SIGKILL',
      cause: 'ordered',
      message: '',
    });
    this.#tell('lab', 1, { event: 'DiskObserved', server: id, ofLife, ok: true, ...held, tornBytes: 0, message: '' });
    if (wasLeader) this.#elect(this.#servers.find(({ isUp }) => isUp) as Server);
    if (inDoubt !== null) {
      this.#tell(inDoubt.client.id, 1, {
        event: 'CommandUnknown',
        operation: inDoubt.operation,
        reason: 'timed-out',
        attempts: 1,
      });
    }
    for (let round = 0; round < 20; round += 1) this.#round();
    this.#restart(server, held);
  }

  /** Sends a command whose leader is then killed: replicated but not committed, or not even appended. */
  #leaveInDoubt(): Asked {
    const asked = this.#ask(this.#clients[this.#draw(CLIENTS)] as Client);
    if (this.#draw(2) === 0) return asked;
    this.#replicate([this.#entry(asked, this.#leader.lastIndex + 1)], false);
    // The entry is committed together with the next leader's first entry.
    this.#execute(asked.command);
    return asked;
  }

  #restart(server: Server, held: Pick<Server, 'term' | 'votedFor' | 'lastIndex' | 'chain'>): void {
    Object.assign(server, { life: server.life + 1, isUp: true, committed: 0, messages: 0, ...held });
    this.#start(server);
    const { id, life } = server;
    this.#reach(server, this.#term);
    this.#tell(id, life, { event: 'LeaderRecognised', term: this.#term, leaderId: this.#leader.id });
    this.#send(this.#leader, server, {});
    const { lastIndex, chain } = this.#leader;
    if (lastIndex > server.lastIndex) this.#append(server, lastIndex, chain);
    this.#send(server, this.#leader, { matchIndex: lastIndex });
    this.#commit(server, 'leader-commit');
  }

  /** Starts a server with the state that its files hold. */
  #start({ id, life, term, votedFor, lastIndex, chain }: Server): void {
    this.#tell('lab', 1, { event: 'ServerSpawned', server: id, ofLife: life, pid: 2 });
    this.#tell('lab', 1, { event: 'ServerReady', server: id, ofLife: life, port: 1 });
    const runs = lastIndex === 0 ? [] : [{ term, first: 1, last: lastIndex }];
    this.#tell(id, life, { event: 'StateRestored', term, votedFor, lastIndex, chain, runs });
    this.#tell(id, life, { event: 'TicksBegan' });
  }

  #elect(candidate: Server): void {
    this.#term += 1;
    const term = this.#term;
    const { id, life, lastIndex, chain } = candidate;
    this.#reach(candidate, term, 'election-started');
    candidate.votedFor = id;
    const last = { lastLogIndex: lastIndex, lastLogTerm: this.#lastTerm };
    this.#tell(id, life, { event: 'ElectionStarted', term, silentTicks: 20, ...last, reason: 'election-timeout' });
    this.#leader = candidate;
    const voters = this.#followers();
    for (const voter of voters) {
      this.#send(candidate, voter, {}, 'RequestVote');
      this.#reach(voter, term);
      voter.votedFor = id;
      this.#tell(voter.id, voter.life, {
        event: 'VoteGranted',
        term,
        candidate: id,
        preVote: false,
        reason: 'E3-log-up-to-date',
      });
      this.#send(voter, candidate, { voteGranted: true }, 'RequestVote');
    }
    this.#tell(id, life, {
      event: 'LeaderElected',
      term,
      voters: [id, ...voters.map((voter) => voter.id)],
      lastIndex,
      chain,
    });
    for (const voter of voters) this.#tell(voter.id, voter.life, { event: 'LeaderRecognised', term, leaderId: id });
    this.#replicate([{ index: lastIndex + 1, term, type: 'noop' }]);
  }

  #reach(server: Server, term: number, reason: 'E5-higher-term' | 'election-started' = 'E5-higher-term'): void {
    if (server.term >= term) return;
    this.#tell(server.id, server.life, { event: 'TermAdvanced', term, from: server.term, reason });
    Object.assign(server, { term, votedFor: null });
  }

  #followers(): readonly Server[] {
    return this.#servers.filter((server) => server.isUp && server !== this.#leader);
  }

  /** Sends a message that arrives; `shows` is added to its header. */
  #send(
    from: Server,
    to: Server,
    shows: {
      readonly voteGranted?: boolean;
      readonly matchIndex?: number;
      readonly first?: number;
      readonly last?: number;
    },
    rpc: 'AppendEntries' | 'RequestVote' = 'AppendEntries',
  ): void {
    from.messages += 1;
    const isReply = shows.voteGranted !== undefined || shows.matchIndex !== undefined;
    const kind = isReply ? 'reply' : 'request';
    const success = isReply && rpc === 'AppendEntries' ? { success: true } : {};
    const message = {
      id: `${from.id}.${from.life}.${from.messages}`,
      link: `${from.id}>${to.id}` as 'S1>S2',
      rpc,
      kind,
    } as const;
    this.#tell('network', 1, {
      event: 'MessageSent',
      ...message,
      term: from.term,
      dueUs: 0,
      bytes: 200,
      ...shows,
      ...success,
    });
    this.#tell('network', 1, { event: 'MessageDelivered', ...message });
  }

  #tell(source: string, life: number, event: AnyEvent): void {
    this.#seq += 1;
    const key = `${source}.${life}`;
    const nseq = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nseq);
    const timeUs = this.#seq * this.#options.usPerEvent;
    this.#hear({ seq: this.#seq, timeUs, source, nseq, life, ...event } as TraceEvent);
  }

  /** Draws an integer from 0 to `bound` - 1. */
  #draw(bound: number): number {
    this.#word = (Math.imul(this.#word, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#word / 2 ** 32) * bound);
  }
}

/** Copies long texts, because each parsed line of a trace has texts of its own. */
function copied<Record extends object>(record: Record): Record {
  const copies = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > 1_000 ? Buffer.from(value, 'latin1').toString('latin1') : value,
  ]);
  return Object.fromEntries(copies) as Record;
}
