/**
 * The fold against the real consensus core: random clusters with crashes, cuts and slow disks run, their events
 * are folded, and whenever a server rests the view must say what the server's own state says.
 */
import { afterEach, expect, test, vi } from 'vitest';
import { allEntries, termRuns } from '../../../src/core/raft/index.ts';
import type { Effect } from '../../../src/core/raft/ready.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { AnyEvent, TraceEvent } from '../../../src/core/trace/events.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import type { ClusterView, ServerView } from '../../../src/core/trace/view.ts';
import { Cluster, type SimServer } from '../raft/cluster.ts';
import { settings } from './story.ts';

const only = process.env.TRACE_SEED;
const seeds = only === undefined ? Array.from({ length: 40 }, (_, seed) => seed) : [Number(only)];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Folds what the cluster's servers say as they say it. */
function createWitness() {
  let view: ClusterView = emptyView;
  let seq = 0;
  const nseqs = new Map<string, number>();
  const lives = new Map<string, number>();
  const tell = (source: string, life: number, event: AnyEvent): void => {
    seq += 1;
    const nseq = (nseqs.get(source) ?? 0) + 1;
    nseqs.set(source, nseq);
    view = fold(view, { seq, timeUs: seq, source, nseq, life, ...event } as TraceEvent);
  };
  const exited = (server: string, ofLife: number): void => {
    const how = { code: null, signal: 'SIGKILL', cause: 'ordered', message: '' } as const;
    tell('lab', 1, { event: 'ServerExited', server, ofLife, pid: 1, ...how });
  };
  return {
    view: () => view,
    exited,
    said: (server: SimServer, event: AnyEvent): void => {
      const { id } = server.config;
      if (lives.get(id) !== server.life) {
        lives.set(id, server.life);
        tell('lab', 1, { event: 'ServerSpawned', server: id, ofLife: server.life, pid: 1 });
        tell('lab', 1, { event: 'ServerReady', server: id, ofLife: server.life, port: 1 });
      }
      tell(id, server.life, event);
    },
    began: (servers: readonly string[]): void => {
      tell('lab', 1, {
        event: 'RunStarted',
        traceVersion: 1,
        settings: { ...settings, servers },
        startedAt: '',
        raftLab: '',
      });
    },
  };
}

/** What the server knows of itself, in the view's words. */
function factsOf({ state, config }: SimServer) {
  const { role } = state;
  const others = config.voters.filter((id) => id !== config.id);
  const leaderId = role.name === 'follower' ? role.leaderId : role.name === 'leader' ? config.id : null;
  const progress =
    role.name === 'leader'
      ? Object.fromEntries(others.map((id) => [id, pick(role.progress[id], ['matchIndex', 'state'])]))
      : {};
  return {
    role: role.name,
    term: state.currentTerm,
    votedFor: state.votedFor,
    leaderId,
    log: termRuns(allEntries(state.log)),
    lastIndex: allEntries(state.log).length,
    chain: state.lastChain,
    durableIndex: state.durable.index,
    commitIndex: state.commitIndex,
    votes: role.name === 'candidate' || role.name === 'pre-candidate' ? role.votes : {},
    progress,
    timeout: role.name === 'leader' ? null : state.electionTimeout,
  };
}

function pick<Value extends object>(value: Value | undefined, keys: readonly (keyof Value)[]) {
  return Object.fromEntries(keys.map((key) => [key, value?.[key]]));
}

function shownOf(server: ServerView | undefined) {
  if (server === undefined) throw new Error('a server is not in the view');
  const { role, term, votedFor, leaderId, log, lastIndex, chain, durableIndex, commitIndex, votes } = server;
  // nextIndex runs ahead with every message that is sent, and is told with the next answer only.
  const known = Object.entries(server.progress).map(([id, one]) => [id, pick(one, ['matchIndex', 'state'])]);
  const progress = Object.fromEntries(known);
  const timeout = server.timer?.timeoutTicks ?? null;
  return { role, term, votedFor, leaderId, log, lastIndex, chain, durableIndex, commitIndex, votes, progress, timeout };
}

test.each(seeds)(
  'seed %i (again: TRACE_SEED=<seed> npx vitest run --config test/vitest.config.ts test/core/trace/real-core.test.ts)',
  (seed) => {
    const witness = createWitness();
    witness.began(['S1', 'S2', 'S3', 'S4', 'S5']);
    const inner = Cluster.prototype as unknown as { perform(server: SimServer, effect: Effect): void };
    const perform = inner.perform;
    vi.spyOn(inner, 'perform').mockImplementation(function (this: Cluster, server, effect) {
      if (effect.type === 'emit') for (const event of effect.events) witness.said(server, event);
      perform.call(this, server, effect);
    });
    const crash = Cluster.prototype.crash;
    vi.spyOn(Cluster.prototype, 'crash').mockImplementation(function (this: Cluster, id) {
      witness.exited(id, this.server(id).life);
      crash.call(this, id);
    });
    const flags = { preVote: seed % 2 === 1, checkQuorum: seed % 4 > 1, noop: seed % 8 > 3 };
    const cluster = new Cluster({ seed, size: 5, flags });
    const calm = { drop: 0.1, duplicate: 0.1, maxDelay: 3, restart: 0.1, hang: 0 };
    cluster.faults = { ...calm, crash: 0.01, maxWrite: seed % 3, partition: 0.03 };
    let compared = 0;
    for (let round = 0; round < 300; round += 1) {
      const id = cluster.pick([...cluster.servers.keys()]);
      const content = { type: 'command', session: null, sequence: null, command: round } as const;
      if (id !== undefined && cluster.chance(0.4)) cluster.propose(id, [{ requestId: `r${round}`, content }]);
      cluster.step();
      for (const server of cluster.servers.values()) {
        const rests =
          server.alive && server.agenda.length === 0 && server.writing.length === 0 && server.inbox.length === 0;
        if (!rests) continue;
        compared += 1;
        const shown = shownOf(witness.view().servers[server.config.id]);
        expect({ seed, round, server: server.config.id, ...shown }).toEqual({
          ...{ seed, round, server: server.config.id },
          ...factsOf(server),
        });
      }
    }
    expect(compared).toBeGreaterThan(300);
    expect(witness.view().commitIndex).toBe(cluster.judge.committed.highest);
    expect(witness.view().counts.elections).toBeGreaterThan(0);
  },
);
