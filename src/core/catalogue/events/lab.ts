/** Events of the lab. An action is reported before it is carried out, and its outcome afterwards (promise 3 of ARCHITECTURE.md). */
import * as v from 'valibot';
import {
  actOutcome,
  amount,
  bothLanguages,
  chain,
  count,
  exitCause,
  exportFormat,
  faultKind,
  flag,
  json,
  linkId,
  linkPolicy,
  listOf,
  logIndex,
  microseconds,
  milliseconds,
  nemesisKind,
  nullable,
  oneOf,
  optional,
  paceName,
  params,
  proof,
  runSettings,
  scenarioVerdict,
  serverId,
  term,
  text,
  timingFields,
} from '../fields.ts';
import type { EventTable } from './row.ts';

/** Fields of a fault, the same when it is ordered and when it begins. */
const FAULT_FIELDS = {
  fault: text,
  kind: faultKind,
  /** The group that is cut off, from the others or from clients; empty for the other kinds. */
  servers: listOf(serverId),
  /** The groups of a partition. Servers outside all groups form one more group. */
  groups: optional(listOf(listOf(serverId))),
  /** Every affected link; `clients` stands for every client. */
  links: listOf(linkId),
  /** The policy of the links, for the kinds `link` and `unreliable`. */
  policy: optional(linkPolicy),
};

/** Rows of these events. */
export const LAB_EVENTS = {
  RunStarted: { teller: 'lab', fields: { traceVersion: count, settings: runSettings, startedAt: text, raftLab: text } },
  /** A lab continues this run; its times begin after the last recorded one. `traceVersion` is absent for version 1. */
  LabRestarted: {
    teller: 'lab',
    marked: true,
    caption: { code: 'lab-restarted', rank: 4, params: {} },
    fields: { traceVersion: optional(count), startedAt: text, raftLab: text },
  },
  RunEnded: { teller: 'lab', fields: { reason: oneOf('closed', 'disk-cap', 'lab-failure') } },
  ServerSpawned: { teller: 'lab', remembered: true, fields: { server: serverId, ofLife: count, pid: count } },
  ServerReady: { teller: 'lab', fields: { server: serverId, ofLife: count, port: count } },
  SignalOrdered: {
    teller: 'lab',
    marked: true,
    remembered: true,
    unseen: true,
    fields: { server: serverId, ofLife: count, signal: oneOf('SIGKILL', 'SIGTERM', 'SIGSTOP', 'SIGCONT'), pid: count },
  },
  /** The server is stopped: its sockets stay open, its timers do not run, and it writes nothing. */
  ServerFrozen: {
    teller: 'lab',
    marked: true,
    caption: {
      ...{ code: 'server-frozen', rank: 4, tone: 'warning' },
      ...{ clause: 'was-frozen', effect: 'stops', params: { server: 'text' } },
    },
    fields: { server: serverId, ofLife: count, pid: count },
  },
  ServerResumed: {
    teller: 'lab',
    caption: { code: 'server-resumed', rank: 4, clause: 'went-on', effect: 'returns', params: { server: 'text' } },
    fields: { server: serverId, ofLife: count, pid: count },
  },
  ServerExited: {
    teller: 'lab',
    remembered: true,
    fields: {
      server: serverId,
      ofLife: count,
      pid: count,
      code: nullable(count),
      signal: nullable(text),
      cause: exitCause,
      /** Last line of stderr when it was not ordered; empty otherwise. */
      message: text,
    },
  },
  /** The contents of a dead server's files, read by the lab before the server may start again. */
  DiskObserved: {
    teller: 'lab',
    remembered: true,
    fields: {
      server: serverId,
      ofLife: count,
      ok: flag,
      term,
      votedFor: nullable(serverId),
      lastIndex: logIndex,
      chain,
      tornBytes: count,
      /** The problem, when `ok` is false. */
      message: text,
    },
  },
  FaultOrdered: { teller: 'lab', unseen: true, remembered: true, fields: FAULT_FIELDS },
  FaultBegan: { teller: 'lab', marked: true, remembered: true, fields: FAULT_FIELDS },
  FaultEnded: { teller: 'lab', marked: true, fields: { fault: text } },
  ResetOrdered: { teller: 'lab', unseen: true, fields: { links: listOf(linkId) } },
  /** Automatic restarts of ended servers were turned on or off. */
  KeepAliveChanged: { teller: 'lab', fields: { on: flag } },
  /** Automatic restarts were turned off because one server ended by itself too often. */
  KeepAliveGaveUp: {
    teller: 'lab',
    marked: true,
    fields: {
      server: serverId,
      exits: count,
      withinMs: milliseconds,
      /** Its last lines, oldest first. */
      stderr: listOf(text),
    },
  },
  /** Random faults begin: `perMinute` on average, drawn from the seed. */
  NemesisStarted: {
    teller: 'lab',
    caption: { code: 'nemesis-on', rank: 4, tone: 'warning', params: { seed: 'number', perMinute: 'number' } },
    fields: { seed: count, perMinute: amount },
  },
  /** The nemesis intends a random fault, with these targets and this duration; `servers` or `links` is empty. */
  NemesisPlanned: {
    teller: 'lab',
    unseen: true,
    fields: {
      act: count,
      kind: nemesisKind,
      servers: listOf(serverId),
      links: listOf(linkId),
      forMs: milliseconds,
      policy: optional(linkPolicy),
    },
  },
  /** The outcome of a random fault. It fails, for example, when a person has already done the same. */
  NemesisActed: { teller: 'lab', fields: { act: count, kind: nemesisKind, outcome: actOutcome, detail: text } },
  NemesisUndone: { teller: 'lab', unseen: true, fields: { act: count, outcome: actOutcome, detail: text } },
  /** The nemesis was switched off, and its faults are being undone. */
  NemesisStopping: { teller: 'lab', caption: { code: 'nemesis-ending', rank: 4, params: {} }, fields: {} },
  /** Random faults ended. `recovered`: after `afterMs` there is a leader, every server is up, and all logs are equal. */
  NemesisEnded: { teller: 'lab', fields: { recovered: flag, afterMs: milliseconds } },
  /**
   * A scenario begins. `steps` are short texts of its steps in order; steps for viewers have both languages. `reported`: its
   * seconds in the seed report; null when it is not there.
   */
  ScenarioStarted: {
    teller: 'lab',
    fields: {
      name: text,
      title: bothLanguages,
      seed: count,
      steps: listOf(v.union([text, bothLanguages])),
      reported: nullable(amount),
    },
  },
  /** The scenario begins this step, counted from 0; earlier steps are done. */
  ScenarioStepBegan: { teller: 'lab', fields: { step: count } },
  /** A note of the scenario for its viewers. A warning does not make the scenario fail. */
  ScenarioNoted: { teller: 'lab', fields: { says: bothLanguages, warning: flag } },
  ScenarioEnded: {
    teller: 'lab',
    fields: {
      verdict: scenarioVerdict,
      /** Why the run is not valid; null when it is valid. */
      reason: nullable(bothLanguages),
      seconds: amount,
    },
  },
  /** A judge found a violated safety property of Raft. `rule`: where the property is stated. `proof`: the events that prove it. */
  PropertyViolated: {
    teller: 'lab',
    marked: true,
    fields: { property: text, rule: text, params: params, proof: listOf(proof) },
  },
  PaceChanged: {
    teller: 'lab',
    caption: { code: 'pace-changed', rank: 3, params: { pace: 'text' } },
    fields: { pace: paceName, tickMs: milliseconds, hopDelayMs: milliseconds },
  },
  /**
   * The whole timing of the run changed. Links have it at once, servers at their next timer. Earlier recordings do not have this
   * event.
   */
  TimingChanged: {
    teller: 'lab',
    caption: { code: 'timing-changed', rank: 3, params: { electionTicks: 'number', heartbeatTicks: 'number' } },
    fields: timingFields,
  },
  /** The lab calls Start() on one server. */
  StartOrdered: { teller: 'lab', unseen: true, fields: { server: serverId, command: json } },
  StartAnswered: {
    teller: 'lab',
    unseen: true,
    fields: {
      server: serverId,
      outcome: oneOf('accepted', 'not-leader', 'busy', 'no-answer', 'refused'),
      index: nullable(logIndex),
      term: nullable(term),
      leaderId: nullable(serverId),
    },
  },
  /** A write of this server began `forMs` milliseconds ago and has not ended. Earlier recordings do not have it. */
  DiskSilent: { teller: 'lab', unseen: true, fields: { server: serverId, ofLife: count, forMs: milliseconds } },
  NetworkSpawned: { teller: 'lab', unseen: true, fields: { pid: count } },
  NetworkExited: {
    teller: 'lab',
    marked: true,
    unseen: true,
    fields: {
      pid: count,
      code: nullable(count),
      signal: nullable(text),
      cause: exitCause,
      /** Last line of stderr when it was not ordered; empty otherwise. Earlier recordings do not have it. */
      message: optional(text),
    },
  },
  /** The system announced that the computer will sleep. Earlier recordings have neither this event nor the next. */
  ComputerSuspended: {
    teller: 'lab',
    unseen: true,
    caption: { code: 'computer-suspended', rank: 4, params: {} },
    fields: {},
  },
  ComputerResumed: {
    teller: 'lab',
    unseen: true,
    caption: { code: 'computer-resumed', rank: 4, params: { sleptMs: 'number' } },
    fields: {
      /** Duration of the sleep in milliseconds. */
      sleptMs: milliseconds,
      /** Last time at which the computer was known to be awake, in microseconds of the run. */
      sinceUs: microseconds,
    },
  },
  RunExported: { teller: 'lab', unseen: true, fields: { format: exportFormat, events: count } },
  LabFailed: {
    teller: 'lab',
    marked: true,
    unseen: true,
    caption: { code: 'lab-failed', rank: 4, tone: 'warning', params: { message: 'text' } },
    fields: { message: text },
  },
  EventsMissing: { teller: 'lab', unseen: true, fields: { of: text, count: count } },
} as const satisfies EventTable;
