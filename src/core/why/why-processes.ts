/**
 * Reasons of a server's process: started, killed, frozen, ended by itself, and what its disk gave back. Source: rules E1 and E7 of
 * src/core/raft/SPEC.md, promise 3 of ARCHITECTURE.md.
 */

import { causesOf } from '../trace/causes.ts';
import type { Named } from '../trace/events.ts';
import { type Asked, follows, type Reason, type Tellers } from './asking.ts';
import { ordered } from './ordered.ts';

/** Tellers of processes and their files. */
export const PROCESS_TELLERS = {
  SignalOrdered: (asked) => ordered(asked, [asked.event.server]),
  ServerSpawned: (asked) => {
    const { event, past } = asked;
    const end = past.newest(event, ['ServerExited'], (one) => one.server === event.server);
    const endedAtUs = end?.timeUs ?? asked.before.servers[event.server]?.exit?.atUs ?? null;
    if (event.ofLife <= 1 || endedAtUs === null) return { code: 'spawned-first', evidence: causesOf(event, past) };
    return { code: 'spawned-again', params: { server: event.server, endedAtUs }, evidence: [end] };
  },
  ServerReady: (asked) => ({ code: 'ready', evidence: causesOf(asked.event, asked.past) }),
  ServerFrozen: (asked) => ({ code: 'frozen', evidence: causesOf(asked.event, asked.past) }),
  ServerResumed: (asked) => ({ code: 'resumed', evidence: causesOf(asked.event, asked.past) }),
  ServerExited: (asked) => exited(asked),
  DiskObserved: (asked) => ({ code: 'disk-observed', evidence: causesOf(asked.event, asked.past) }),
  StateRestored: ({ event, past }) => {
    const { life, term, votedFor, lastIndex } = event;
    const evidence = causesOf(event, past);
    if (life === 1 && term === 0 && lastIndex === 0) return { code: 'restored-first', evidence };
    return { code: 'restored', params: { term, votedFor: votedFor ?? '', lastIndex }, evidence };
  },
  TornTailCut: ({ event, past }) => {
    const end = past.newest(event, ['ServerExited'], (one) => one.server === event.source);
    return { code: 'torn-tail', params: { file: event.file }, evidence: [end, ...causesOf(event, past)] };
  },
  TicksBegan: follows,
  TicksLate: ({ event, past }) => {
    const frozen = past.newest(event, ['ServerResumed'], (one) => one.server === event.source);
    return { code: 'ticks-late', params: { lateUs: event.lateMs * 1000 }, evidence: [frozen] };
  },
  DiskSilent: ({ event }) => ({ code: 'disk-silent', params: { server: event.server, forUs: event.forMs * 1000 } }),
  FileWasHeld: ({ event }) => ({ code: 'file-was-held', params: { waitedUs: event.waitedMs * 1000 } }),
  SegmentSealed: follows,
  EventsCoalesced: follows,
} as const satisfies Partial<Tellers>;

function exited(asked: Asked<Named<'ServerExited'>>): Reason {
  const { signal, code, cause, message } = asked.event;
  const evidence = causesOf(asked.event, asked.past);
  if (signal === null && code !== 0) return { code: 'exit-error', params: { code: code ?? '?', message }, evidence };
  if (cause === 'not-ordered') {
    return signal === null ? { code: 'exit-by-itself' } : { code: 'exit-foreign-signal', params: { signal } };
  }
  if (signal === null || signal === 'SIGTERM') return { code: 'exit-stopped', evidence };
  return { code: 'exit-killed', params: { signal }, evidence };
}
