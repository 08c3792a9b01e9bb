/**
 * Folds the lab's actions and observations: the run, the processes and their exits, faults, pace.
 */

import type { RunSettings } from '../catalogue/index.ts';
import {
  type LinkId,
  lengthsOf,
  PACES,
  type ServerId,
  type TermRun,
  type Timing,
  timingOf,
  withTiming,
} from '../vocabulary/index.ts';
import { blankLink, blankServer } from './empty-view.ts';
import { isUnseen, type LabTraceEvent, unreachable } from './event-kinds.ts';
import { foldScenario } from './fold-scenario.ts';
import { beginLife, cutStored, forgetMemory } from './fold-server.ts';
import { appendRuns, lastIndexOf, sliceRuns, termAt, truncateRuns } from './log-runs.ts';
import { deliveredTo } from './predicates.ts';
import type { ClusterView, LinkView, ServerView } from './view.ts';

const MOST_VIOLATIONS = 20;

type Told<Name extends LabTraceEvent['event']> = Extract<LabTraceEvent, { readonly event: Name }>;

/** The view after an event of the lab. */
export function foldLab(view: ClusterView, event: LabTraceEvent): ClusterView {
  switch (event.event) {
    case 'RunStarted':
      return runStarted(view, event.settings, event.timeUs);
    case 'LabRestarted':
      return labRestarted(view, event.timeUs);
    case 'RunEnded':
      return { ...view, ended: { reason: event.reason, atUs: event.timeUs } };
    case 'ServerSpawned':
      return withServer(view, event.server, (server) => spawned(server, event));
    case 'ServerReady':
      return withServer(view, event.server, (server) => ready(server, event));
    case 'ServerFrozen':
      return withServer(view, event.server, (server) => frozen(view, server, event));
    case 'ServerResumed':
      return withServer(view, event.server, (server) => resumed(server, event));
    case 'ServerExited':
      return exited(view, event);
    case 'DiskObserved':
      return withServer(view, event.server, (server) => diskObserved(view, server, event));
    case 'FaultBegan':
      return faultBegan(view, event);
    case 'FaultEnded':
      return { ...view, faults: view.faults.filter((fault) => fault.id !== event.fault) };
    case 'KeepAliveChanged':
      return { ...view, keepAlive: event.on };
    case 'KeepAliveGaveUp':
      return { ...view, keepAlive: false };
    case 'ScenarioStarted':
    case 'ScenarioStepBegan':
    case 'ScenarioNoted':
    case 'ScenarioEnded':
      return { ...view, scenario: foldScenario(view.scenario, event) };
    case 'PropertyViolated':
      return propertyViolated(view, event);
    case 'NemesisStarted': {
      const { seed, perMinute, timeUs } = event;
      return { ...view, nemesis: { seed, perMinute, sinceUs: timeUs, acts: 0, phase: 'on' } };
    }
    case 'NemesisActed':
      return view.nemesis === null ? view : { ...view, nemesis: { ...view.nemesis, acts: view.nemesis.acts + 1 } };
    case 'NemesisStopping':
      return view.nemesis === null ? view : { ...view, nemesis: { ...view.nemesis, phase: 'ending' } };
    case 'NemesisEnded':
      return { ...view, nemesis: null };
    case 'PaceChanged':
      return { ...view, pace: event.pace, tickMs: event.tickMs, hopDelayMs: event.hopDelayMs };
    case 'TimingChanged':
      return timingChanged(view, timingOf(event));
    default:
      return isUnseen(event) ? view : unreachable(event);
  }
}

function withServer(view: ClusterView, id: ServerId, change: (server: ServerView) => ServerView): ClusterView {
  const known = view.servers[id];
  const server = change(known ?? blankServer(id));
  return server === known ? view : { ...view, servers: { ...view.servers, [id]: server } };
}

function runStarted(view: ClusterView, settings: RunSettings, timeUs: number): ClusterView {
  const { servers, pace } = settings;
  const links = servers.flatMap((from) => servers.filter((to) => to !== from).map((to): LinkId => `${from}>${to}`));
  return {
    ...view,
    settings,
    pace,
    tickMs: PACES[pace].tickMs,
    hopDelayMs: lengthsOf(settings, pace).hopDelayMs,
    servers: Object.fromEntries(servers.map((id) => [id, view.servers[id] ?? blankServer(id)])),
    links: Object.fromEntries(links.map((id) => [id, view.links[id] ?? blankLink(id)])),
    leaderlessSinceUs: timeUs,
    ended: null,
  };
}

/** Puts the new timing into the settings, so that every reader of the settings has it. */
function timingChanged(view: ClusterView, timing: Timing): ClusterView {
  if (view.settings === null) return view;
  const settings = withTiming(view.settings, timing);
  return { ...view, settings, hopDelayMs: lengthsOf(timing, view.pace).hopDelayMs };
}

/** Marks all processes of the previous lab as ended. Its faults ended with its network process. */
function labRestarted(view: ClusterView, timeUs: number): ClusterView {
  const gone = { atUs: timeUs, code: null, signal: null, ordered: true, message: '' };
  const servers = mapValues(
    view.servers,
    (server): ServerView =>
      server.status === 'down' || server.status === 'failed'
        ? server
        : { ...forgetMemory(server), status: 'down', pid: null, frozenUs: null, exit: gone },
  );
  const links = mapValues(
    view.links,
    (link): LinkView => (link.policy.mode === 'pass' ? link : { ...link, policy: { mode: 'pass' } }),
  );
  return { ...view, servers, links, faults: [], keepAlive: false, nemesis: null, ended: null };
}

function mapValues<Key extends string, Value>(record: Readonly<Record<Key, Value>>, change: (value: Value) => Value) {
  const entries = Object.entries<Value>(record).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as Record<Key, Value>;
}

function spawned(server: ServerView, event: Told<'ServerSpawned'>): ServerView {
  if (event.ofLife < server.life) return server;
  const living = event.ofLife > server.life ? beginLife(server, event.ofLife) : server;
  return { ...living, pid: event.pid, startedUs: event.timeUs };
}

function ready(server: ServerView, event: Told<'ServerReady'>): ServerView {
  if (event.ofLife < server.life || server.status !== 'starting') return server;
  return { ...server, status: 'up', life: event.ofLife };
}

/** A frozen server keeps its memory and its files. */
function frozen(view: ClusterView, server: ServerView, event: Told<'ServerFrozen'>): ServerView {
  const isUp = event.ofLife === server.life && server.status === 'up';
  if (!isUp) return server;
  return { ...server, status: 'frozen', frozenUs: event.timeUs, deliveredBefore: deliveredTo(view, server.id) };
}

function resumed(server: ServerView, event: Told<'ServerResumed'>): ServerView {
  const isFrozen = event.ofLife === server.life && server.status === 'frozen';
  return isFrozen ? { ...server, status: 'up', frozenUs: null } : server;
}

/** Keeps the first violations only, since later ones usually follow from them. */
function propertyViolated(view: ClusterView, event: Told<'PropertyViolated'>): ClusterView {
  if (view.violations.length >= MOST_VIOLATIONS) return view;
  const { property, rule, params, timeUs: atUs } = event;
  const violation = { property, rule, params, atUs, proof: event.proof.map(({ seq }) => seq) };
  return { ...view, violations: [...view.violations, violation] };
}

/** A server that was killed or stopped is `down`; one that exited by itself with an error is `failed`. */
function exited(view: ClusterView, event: Told<'ServerExited'>): ClusterView {
  const isFailure = event.signal === null && event.code !== 0;
  const exit = {
    atUs: event.timeUs,
    code: event.code,
    signal: event.signal,
    ordered: event.cause === 'ordered',
    message: event.message,
  };
  const next = withServer(view, event.server, (server) => {
    if (event.ofLife < server.life) return server;
    const living = event.ofLife > server.life ? beginLife(server, event.ofLife) : server;
    return { ...forgetMemory(living), status: isFailure ? 'failed' : 'down', pid: null, frozenUs: null, exit };
  });
  if (event.signal !== 'SIGKILL') return next;
  return { ...next, counts: { ...next.counts, kills: next.counts.kills + 1 } };
}

function diskObserved(view: ClusterView, server: ServerView, event: Told<'DiskObserved'>): ServerView {
  if (event.ofLife < server.life) return server;
  const { ok, term, votedFor, lastIndex, tornBytes, message } = event;
  const seen = { ...server, disk: { ok, term, votedFor, lastIndex, tornBytes, message } };
  if (!ok) return seen;
  const log = logOnDisk(view, server, lastIndex);
  const stored = cutStored(server.stored, lastIndex + 1);
  return { ...seen, term, votedFor, log, lastIndex, durableIndex: lastIndex, chain: event.chain, stored };
}

/**
 * The log of a dead server up to `lastIndex`, which was read from its disk. The server may have died before it reported its last
 * entries. Their terms then come from a longer log that agrees with this one, or from this server's own proposals. Entries whose
 * term is unknown are left out.
 */
function logOnDisk(view: ClusterView, server: ServerView, lastIndex: number): readonly TermRun[] {
  const known = server.log;
  const end = lastIndexOf(known);
  if (end >= lastIndex) return truncateRuns(known, lastIndex + 1);
  const others = Object.values(view.servers)
    .filter((other) => other.id !== server.id && other.lastIndex >= lastIndex)
    .filter((other) => end === 0 || termAt(other.log, end) === termAt(known, end))
    .sort((a, b) => b.term - a.term);
  const source = others[0]?.log ?? ownProposals(view, server, lastIndex);
  return appendRuns(known, sliceRuns(source, end + 1, lastIndex));
}

function ownProposals(view: ClusterView, server: ServerView, lastIndex: number): readonly TermRun[] {
  let runs: readonly TermRun[] = [];
  for (const { entry, proposedBy } of Object.values(view.entries)) {
    const follows = entry.index === (runs.at(-1)?.last ?? server.lastIndex) + 1;
    if (proposedBy !== server.id || !follows || entry.index > lastIndex) continue;
    runs = appendRuns(runs, [{ term: entry.term, first: entry.index, last: entry.index }]);
  }
  return runs;
}

function faultBegan(view: ClusterView, event: Told<'FaultBegan'>): ClusterView {
  const { fault: id, kind, servers, groups = [], links, policy = null, timeUs: sinceUs } = event;
  const fault = { id, kind, servers, groups, links, policy, sinceUs };
  return { ...view, faults: [...view.faults.filter((known) => known.id !== event.fault), fault] };
}
