/** Builds traces for tests by hand. Events are added in order of time, and each source counts its own. */
import type { AnyEvent, RunSettings } from '../../../src/core/catalogue/index.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import type { ClusterView } from '../../../src/core/trace/view.ts';

export const settings: RunSettings = {
  servers: ['S1', 'S2', 'S3', 'S4', 'S5'],
  pace: 'real',
  preset: 'paper',
  flags: { preVote: false, checkQuorum: false, noop: false },
  durability: 'fsync',
  electionTicks: 15,
  heartbeatTicks: 5,
  seed: 7,
};

export interface Story {
  readonly events: TraceEvent[];
  /** Adds one event of a source, `afterMs` after the previous event. */
  tell(source: string, event: AnyEvent, afterMs?: number): TraceEvent;
  /** Begins a server's next life: its count starts at 1 again. */
  reborn(source: string): void;
  view(): ClusterView;
}

export function createStory(): Story {
  const events: TraceEvent[] = [];
  const counts = new Map<string, { life: number; nseq: number }>();
  let timeUs = 0;
  return {
    events,
    tell: (source, event, afterMs = 1) => {
      const known = counts.get(source) ?? { life: 1, nseq: 0 };
      const next = { ...known, nseq: known.nseq + 1 };
      counts.set(source, next);
      timeUs += afterMs * 1_000;
      const told = { seq: events.length + 1, timeUs, source, ...next, ...event } as TraceEvent;
      events.push(told);
      return told;
    },
    reborn: (source) => {
      counts.set(source, { life: (counts.get(source)?.life ?? 0) + 1, nseq: 0 });
    },
    view: () => foldAll(events),
  };
}

export function foldAll(events: readonly TraceEvent[], start: ClusterView = emptyView): ClusterView {
  return events.reduce(fold, start);
}

export const chain = (index: number): string => index.toString(16).padStart(16, '0');

/** Spawns five servers, which become ready. No server leads yet. */
export function startCluster(story: Story, from = settings): void {
  story.tell('lab', { event: 'RunStarted', traceVersion: 2, settings: from, startedAt: '', raftLab: '0.1.0' });
  for (const [i, server] of settings.servers.entries()) {
    story.tell('lab', { event: 'ServerSpawned', server, ofLife: 1, pid: 100 + i });
  }
  for (const server of settings.servers) {
    const nothing = { term: 0, votedFor: null, lastIndex: 0, chain: chain(0), runs: [] };
    story.tell(server, { event: 'StateRestored', ...nothing });
    story.tell('lab', { event: 'ServerReady', server, ofLife: 1, port: 4000 });
    story.tell(server, { event: 'ElectionTimerReset', term: 0, timeoutTicks: 20, reason: 'started' });
  }
}

/** `leader` wins `term` with the votes of `voters`; all `followers` recognise it. */
export function elect(
  story: Story,
  won: { leader: string; term: number; voters: string[]; followers: string[]; lastIndex?: number },
): void {
  const { leader, term, voters, followers, lastIndex = 0 } = won;
  story.tell(leader, { event: 'TermAdvanced', term, from: term - 1, reason: 'election-started' });
  const last = { lastLogIndex: lastIndex, lastLogTerm: term - 1 };
  story.tell(leader, { event: 'ElectionStarted', term, silentTicks: 20, ...last, reason: 'election-timeout' });
  for (const [i, voter] of voters.entries()) {
    if (voter !== leader) {
      story.tell(voter, { event: 'TermAdvanced', term, from: term - 1, reason: 'E5-higher-term' });
      const granted = { candidate: leader, preVote: false, reason: 'E3-log-up-to-date' } as const;
      story.tell(voter, { event: 'VoteGranted', term, ...granted });
    }
    const counted = { voter, granted: true, preVote: false, granteds: i + 1, needed: 3 };
    story.tell(leader, { event: 'VoteCounted', term, ...counted });
  }
  story.tell(leader, { event: 'LeaderElected', term, voters, lastIndex, chain: chain(lastIndex) });
  for (const server of followers) story.tell(server, { event: 'LeaderRecognised', term, leaderId: leader });
}

/** The leader takes `set x <index>` at `index`; the followers store it; the leader counts it committed. */
export function replicate(
  story: Story,
  put: { leader: string; term: number; index: number; followers: string[]; commit?: boolean; session?: number },
): void {
  const { leader, term, index, followers, commit = true } = put;
  const content = { session: put.session ?? null, sequence: put.session === undefined ? null : index };
  const command = { op: 'set', key: 'x', value: String(index) };
  const entry = { type: 'command', index, term, ...content, command } as const;
  const range = { term, first: index, last: index, chain: chain(index) };
  story.tell(leader, { event: 'EntriesProposed', ...range, entries: [entry] });
  for (const server of [leader, ...followers]) {
    story.tell(server, { event: 'EntriesAppended', ...range, runs: [{ term, first: index, last: index }] });
  }
  if (!commit) return;
  const to = { term, from: index - 1, to: index, chain: chain(index) };
  story.tell(leader, { event: 'CommitAdvanced', ...to, reason: 'quorum' });
  for (const server of followers) story.tell(server, { event: 'CommitAdvanced', ...to, reason: 'leader-commit' });
}

export function kill(story: Story, server: string, ofLife: number, pid = 104): void {
  story.tell('lab', { event: 'SignalOrdered', server, ofLife, signal: 'SIGKILL', pid });
  const how = { code: null, signal: 'SIGKILL', cause: 'ordered', message: '' } as const;
  story.tell('lab', { event: 'ServerExited', server, ofLife, pid, ...how });
}

export function restart(
  story: Story,
  back: { server: string; ofLife: number; term: number; lastIndex: number; logTerm: number },
): void {
  const { server, ofLife, term, lastIndex, logTerm } = back;
  story.reborn(server);
  story.tell('lab', { event: 'ServerSpawned', server, ofLife, pid: 200 + ofLife });
  const runs = lastIndex === 0 ? [] : [{ term: logTerm, first: 1, last: lastIndex }];
  story.tell(server, { event: 'StateRestored', term, votedFor: null, lastIndex, chain: chain(lastIndex), runs });
  story.tell('lab', { event: 'ServerReady', server, ofLife, port: 4001 });
}

/** Adds the events of a cut that separates `servers` from the others. */
export function cutOff(story: Story, fault: string, servers: string[]): void {
  const links = linksBetween(servers);
  story.tell('lab', { event: 'FaultOrdered', fault, kind: 'cut', servers, links });
  for (const link of links) story.tell('network', { event: 'LinkPolicyChanged', link, policy: { mode: 'cut' } }, 0);
  story.tell('lab', { event: 'FaultBegan', fault, kind: 'cut', servers, links });
}

export function heal(story: Story, fault: string, servers: string[]): void {
  for (const link of linksBetween(servers)) {
    story.tell('network', { event: 'LinkPolicyChanged', link, policy: { mode: 'pass' } }, 0);
  }
  story.tell('lab', { event: 'FaultEnded', fault });
}

function linksBetween(servers: string[]): `${string}>${string}`[] {
  const rest = settings.servers.filter((id) => !servers.includes(id));
  return servers.flatMap((a) => rest.flatMap((b) => [`${a}>${b}` as const, `${b}>${a}` as const]));
}
