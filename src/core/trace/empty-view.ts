/**
 * The view before the first event, and the initial values for new servers and links. The fold starts from these.
 */
import { type LinkId, PACES, type ServerId } from '../vocabulary/index.ts';
import { WELL } from './health.ts';
import type { ClusterView, LinkView, ServerView } from './view.ts';

/** The view before the first event. */
export const emptyView: ClusterView = {
  timeUs: 0,
  seq: 0,
  settings: null,
  pace: 'classroom',
  ...PACES.classroom,
  servers: {},
  links: {},
  network: { health: WELL },
  faults: [],
  keepAlive: false,
  nemesis: null,
  violations: [],
  scenario: null,
  leader: null,
  leaderlessSinceUs: null,
  commitIndex: 0,
  entries: {},
  story: [],
  remembered: [],
  tryThis: { submit: null, 'kill-leader': null, restart: null, minority: null, drop: null },
  stranded: null,
  counts: { elections: 0, kills: 0, messages: 0, dropped: 0, events: 0 },
  ended: null,
  watch: {
    electedTerm: 0,
    catchingUp: {},
    stuck: null,
    tornBytes: {},
    commands: {},
    healedUs: null,
    heard: {},
    lookedUs: 0,
  },
};

/** A server before its first event. */
export function blankServer(id: ServerId): ServerView {
  return {
    id,
    status: 'starting',
    life: 0,
    pid: null,
    startedUs: null,
    frozenUs: null,
    deliveredBefore: 0,
    exit: null,
    health: WELL,
    role: null,
    term: 0,
    votedFor: null,
    leaderId: null,
    votes: {},
    votesNeeded: 0,
    timer: null,
    log: [],
    lastIndex: 0,
    chain: '',
    durableIndex: 0,
    commitIndex: 0,
    lastApplied: 0,
    progress: {},
    restored: null,
    disk: null,
    stored: [],
  };
}

/** A link before its first event: it passes all messages, and its counts are 0. */
export function blankLink(id: LinkId): LinkView {
  return { id, policy: { mode: 'pass' }, sent: 0, delivered: 0, dropped: 0 };
}
