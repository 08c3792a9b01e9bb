/** Events of the lab: the intended targets first, the real outcome after (promise 3 of ARCHITECTURE.md). */
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
} from '../fields.ts';
import type { EventTable } from './row.ts';

/** Rows of these events. */
export const LAB_EVENTS = {
  RunStarted: { teller: 'lab', fields: { traceVersion: count, settings: runSettings, startedAt: text, raftLab: text } },
  /** The lab was started again on this run; times go on after the last recorded one. `traceVersion`: absent for 1. */
  LabRestarted: { teller: 'lab', fields: { traceVersion: optional(count), startedAt: text, raftLab: text } },
  RunEnded: { teller: 'lab', fields: { reason: oneOf('closed', 'disk-cap', 'lab-failure') } },
  ServerSpawned: { teller: 'lab', fields: { server: serverId, ofLife: count, pid: count } },
  ServerReady: { teller: 'lab', fields: { server: serverId, ofLife: count, port: count } },
  SignalOrdered: {
    teller: 'lab',
    fields: { server: serverId, ofLife: count, signal: oneOf('SIGKILL', 'SIGTERM', 'SIGSTOP', 'SIGCONT'), pid: count },
  },
  /** The server is stopped: its sockets stay open, its timers do not run, and it writes nothing. */
  ServerFrozen: { teller: 'lab', fields: { server: serverId, ofLife: count, pid: count } },
  ServerResumed: { teller: 'lab', fields: { server: serverId, ofLife: count, pid: count } },
  ServerExited: {
    teller: 'lab',
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
  FaultOrdered: {
    teller: 'lab',
    fields: {
      fault: text,
      kind: faultKind,
      /** The group that is cut off, from the others or from clients; empty for the other kinds. */
      servers: listOf(serverId),
      /** Of a partition: who is in none of them is in one more. */
      groups: optional(listOf(listOf(serverId))),
      /** Every link it touches; `clients` stands for every client. */
      links: listOf(linkId),
      /** The policy of the links, for the kinds `link` and `unreliable`. */
      policy: optional(linkPolicy),
    },
  },
  FaultBegan: {
    teller: 'lab',
    fields: {
      fault: text,
      kind: faultKind,
      servers: listOf(serverId),
      groups: optional(listOf(listOf(serverId))),
      links: listOf(linkId),
      policy: optional(linkPolicy),
    },
  },
  FaultEnded: { teller: 'lab', fields: { fault: text } },
  ResetOrdered: { teller: 'lab', fields: { links: listOf(linkId) } },
  /** Whether servers that are gone are started again. */
  KeepAliveChanged: { teller: 'lab', fields: { on: flag } },
  /** One server ended by itself too often: it is off from now on. */
  KeepAliveGaveUp: {
    teller: 'lab',
    fields: {
      server: serverId,
      exits: count,
      withinMs: milliseconds,
      /** Its last lines, oldest first. */
      stderr: listOf(text),
    },
  },
  /** Random faults begin: `perMinute` acts on average, drawn from the seed. */
  NemesisStarted: { teller: 'lab', fields: { seed: count, perMinute: amount } },
  /** An intended act of the nemesis, with its targets and duration; `servers` or `links` is empty. */
  NemesisPlanned: {
    teller: 'lab',
    fields: {
      act: count,
      kind: nemesisKind,
      servers: listOf(serverId),
      links: listOf(linkId),
      forMs: milliseconds,
      policy: optional(linkPolicy),
    },
  },
  /** The outcome of an act; it fails, for one, when a person did the same before. */
  NemesisActed: { teller: 'lab', fields: { act: count, kind: nemesisKind, outcome: actOutcome, detail: text } },
  NemesisUndone: { teller: 'lab', fields: { act: count, outcome: actOutcome, detail: text } },
  /** The nemesis was switched off, and its faults are being undone. */
  NemesisStopping: { teller: 'lab', fields: {} },
  /** `recovered`: a leader, everybody up, every log equal, after `afterMs`. */
  NemesisEnded: { teller: 'lab', fields: { recovered: flag, afterMs: milliseconds } },
  /** A scenario begins: its steps in short, in order, what it only says in both languages; `reported` seconds of the seed report, null for none. */
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
  /** The step (from 0) that is done now; those before it are done. */
  ScenarioStepBegan: { teller: 'lab', fields: { step: count } },
  /** A note of the scenario for its viewers; a warning is no failure. */
  ScenarioNoted: { teller: 'lab', fields: { says: bothLanguages, warning: flag } },
  ScenarioEnded: {
    teller: 'lab',
    fields: {
      verdict: scenarioVerdict,
      /** Why it is not valid; null when it is. */
      reason: nullable(bothLanguages),
      seconds: amount,
    },
  },
  /** A judge found a safety property of Raft broken: what was found, where it is stated, and the events that prove it. */
  PropertyViolated: { teller: 'lab', fields: { property: text, rule: text, params: params, proof: listOf(proof) } },
  PaceChanged: { teller: 'lab', fields: { pace: paceName, tickMs: milliseconds, hopDelayMs: milliseconds } },
  /** Start() on one server, and its answer. */
  StartOrdered: { teller: 'lab', fields: { server: serverId, command: json } },
  StartAnswered: {
    teller: 'lab',
    fields: {
      server: serverId,
      outcome: oneOf('accepted', 'not-leader', 'busy', 'no-answer', 'refused'),
      index: nullable(logIndex),
      term: nullable(term),
      leaderId: nullable(serverId),
    },
  },
  /** A write of this server began `forMs` milliseconds ago and has not ended. Earlier recordings do not have it. */
  DiskSilent: { teller: 'lab', fields: { server: serverId, ofLife: count, forMs: milliseconds } },
  NetworkSpawned: { teller: 'lab', fields: { pid: count } },
  NetworkExited: {
    teller: 'lab',
    fields: {
      pid: count,
      code: nullable(count),
      signal: nullable(text),
      cause: exitCause,
      /** Last line of stderr when it was not ordered; empty otherwise. Earlier recordings do not have it. */
      message: optional(text),
    },
  },
  /** The computer is about to sleep, where the system announces it. Earlier recordings have neither of the two. */
  ComputerSuspended: { teller: 'lab', fields: {} },
  ComputerResumed: {
    teller: 'lab',
    fields: {
      /** Milliseconds. */
      sleptMs: milliseconds,
      /** The last time of the run at which the computer was known to be awake, microseconds. */
      sinceUs: microseconds,
    },
  },
  RunExported: { teller: 'lab', fields: { format: exportFormat, events: count } },
  LabFailed: { teller: 'lab', fields: { message: text } },
  EventsMissing: { teller: 'lab', fields: { of: text, count: count } },
} as const satisfies EventTable;
