/** Reasons of the lab's own events: runs, paces, random faults, scenarios, judges and failures of the lab. */
import { causesOf } from '../trace/causes.ts';
import { byReason, follows, type Tellers } from './asking.ts';
import { ordered } from './ordered.ts';

/** Tellers of the lab's events. */
export const LAB_TELLERS = {
  RunStarted: () => ({ code: 'ordered' }),
  LabRestarted: () => ({ code: 'lab-restarted' }),
  RunEnded: byReason<'RunEnded'>({
    closed: () => ({ code: 'run-ended-closed' }),
    'disk-cap': () => ({ code: 'run-ended-full' }),
    'lab-failure': ({ event, past }) => ({
      code: 'run-ended-failure',
      evidence: [past.newest(event, ['LabFailed'], () => true)],
    }),
  }),
  KeepAliveChanged: (asked) => ordered(asked, []),
  KeepAliveGaveUp: ({ event, past }) => ({
    code: 'keep-alive-gave-up',
    params: { server: event.server, exits: event.exits, withinUs: event.withinMs * 1000 },
    evidence: [past.newest(event, ['ServerExited'], (one) => one.server === event.server)],
  }),
  NemesisStarted: (asked) => ordered(asked, []),
  NemesisPlanned: ({ event, past, before }) => ({
    code: 'ordered-by-nemesis',
    params: { act: event.act, seed: before.nemesis?.seed ?? 0 },
    evidence: [past.newest(event, ['NemesisStarted'], () => true)],
  }),
  NemesisActed: follows,
  NemesisUndone: follows,
  NemesisStopping: (asked) => ordered(asked, []),
  NemesisEnded: ({ event, past }) => ({
    code: event.recovered ? 'nemesis-recovered' : 'nemesis-not-recovered',
    params: { afterUs: event.afterMs * 1000 },
    evidence: [past.newest(event, ['NemesisUndone'], () => true)],
  }),
  ScenarioStarted: () => ({ code: 'ordered' }),
  ScenarioStepBegan: follows,
  ScenarioNoted: follows,
  ScenarioEnded: follows,
  PropertyViolated: ({ event, past }) => {
    const proof = new Set(event.proof.map(({ seq }) => seq));
    const params = { property: event.property, rule: event.rule };
    return { code: 'property-violated', params, evidence: past.withSeq(proof) };
  },
  PaceChanged: (asked) => ordered(asked, []),
  TimingChanged: (asked) => ordered(asked, []),
  NetworkSpawned: ({ event, past }) => {
    const end = past.newest(event, ['NetworkExited'], () => true);
    return end === null ? { code: 'spawned-first' } : { code: 'follows', evidence: [end] };
  },
  NetworkExited: (asked) => (asked.event.cause === 'ordered' ? { code: 'exit-stopped' } : { code: 'network-ended' }),
  ComputerSuspended: () => ({ code: 'computer-slept' }),
  ComputerResumed: ({ event, past }) => ({
    code: 'computer-slept',
    evidence: [past.newest(event, ['ComputerSuspended'], () => true)],
  }),
  RunExported: (asked) => ordered(asked, []),
  LabFailed: ({ event }) => ({ code: 'lab-failed', params: { message: event.message } }),
  EventsMissing: ({ event, past }) => ({ code: 'begins', evidence: causesOf(event, past) }),
} as const satisfies Partial<Tellers>;
