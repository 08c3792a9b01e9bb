/**
 * Short texts for the events of a golden script, one line each. Events of timers and progress are left out, because the
 * messages show them.
 */
import type { RaftEvent } from '../../../src/core/raft/events.ts';
import type { Input } from '../../../src/core/raft/input.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import type { Effect, Persist } from '../../../src/core/raft/ready.ts';
import type { Term } from '../../../src/core/vocabulary/index.ts';
import { diskTerms, logTerms, type Seen, type Table } from '../raft/table.ts';

export function linesOf(seen: Seen): string[] {
  switch (seen.type) {
    case 'hung':
      return [`${seen.server} disk hangs before: ${writeText(seen.persist)}`];
    case 'late':
      return [`${seen.server} waits for its disk, keeps for later: ${inputText(seen.input)}`];
    case 'restarted':
      return [`${seen.server} starts again from its disk`];
    case 'effect':
      return effectLines(seen.effect).map((line) => (line.includes('->') ? line : `${seen.server} ${line}`));
  }
}

/** Returns one line for each server with its role, term, log and commitIndex. */
export function stateLines(table: Table): string[] {
  return [...table.servers].map(([id, server]) => {
    const { role, currentTerm, commitIndex } = server.state;
    const log = runs(logTerms(server));
    const disk = runs(diskTerms(server));
    const onDisk = disk === log ? '' : `, on disk ${disk}`;
    return `${id} ${role.name} of term ${currentTerm}, log ${log}${onDisk}, committed ${commitIndex}`;
  });
}

function effectLines(effect: Effect): string[] {
  switch (effect.type) {
    case 'emit':
      return effect.events.flatMap((event) => eventText(event) ?? []);
    case 'send':
      return effect.messages.map(messageText);
    case 'persist':
      return [`writes ${writeText(effect.persist)}`];
    case 'apply':
      return [`applies ${effect.entries.map((entry) => entry.index).join(' ')}`];
    case 'reply':
      return effect.replies.map((reply) => `answers ${replyText(reply)}`);
  }
}

function replyText(reply: Extract<Effect, { type: 'reply' }>['replies'][number]): string {
  switch (reply.type) {
    case 'accepted':
      return `${reply.requestId}: accepted as ${reply.index}`;
    case 'rejected':
      return `${reply.requestId}: ${reply.reason}`;
    case 'leadership-lost':
      return `what it took in term ${reply.term}: ${reply.outcome}`;
  }
}

function writeText(persist: Persist): string {
  const { hardState, truncateFrom, entries } = persist;
  const parts = [
    hardState === null ? null : `term ${hardState.currentTerm}, vote ${hardState.votedFor ?? 'none'}`,
    truncateFrom === null ? null : `cut from ${truncateFrom}`,
    entries.length === 0 ? null : `entries ${entriesText(entries)}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function messageText(message: Message): string {
  return `${message.from}->${message.to} ${bodyText(message)}`;
}

function bodyText(message: Message): string {
  const { term } = message;
  switch (message.type) {
    case 'RequestVote':
      return `${message.preVote ? 'PreVote' : 'RequestVote'} t${term} last ${message.lastLogIndex}.t${message.lastLogTerm}`;
    case 'RequestVoteReply':
      return `${message.preVote ? 'pre-vote' : 'vote'} t${term} ${message.voteGranted ? 'granted' : 'denied'}`;
    case 'AppendEntries': {
      const prev = `prev ${message.prevLogIndex}.t${message.prevLogTerm}`;
      const entries = message.entries.length === 0 ? 'heartbeat' : entriesText(message.entries);
      return `Append t${term} ${prev} ${entries}, commit ${message.leaderCommit}`;
    }
    case 'AppendEntriesReply':
      return message.success
        ? `Append t${term} ok, match ${message.matchIndex}`
        : `Append t${term} no at ${message.prevLogIndex}, try ${message.conflictIndex}.t${message.conflictTerm}`;
  }
}

type TextOf<Name> = (event: Extract<RaftEvent, { readonly event: Name }>) => string | null;

/** The sentence of each event; null for an event that the story leaves out. */
const EVENT_TEXTS: { readonly [Name in RaftEvent['event']]: TextOf<Name> | null } = {
  PreVoteStarted: (event) => `asks whether it could win term ${event.term}`,
  ElectionStarted: (event) => `stands for term ${event.term}`,
  VoteGranted: (event) => `${event.preVote ? 'would vote' : 'votes'} for ${event.candidate} in term ${event.term}`,
  VoteDenied: (event) => `denies ${event.candidate}: ${event.reason}`,
  LeaderElected: (event) => `leads term ${event.term} with ${event.voters.join(' ')}`,
  SteppedDown: (event) => `was ${event.role}, steps down: ${event.reason}`,
  LeaderRecognised: (event) => `follows ${event.leaderId}`,
  EntriesAppended: (event) => `has appended ${event.first}..${event.last}`,
  EntriesTruncated: (event) => `has cut ${event.from}..${event.last}: ${event.reason}`,
  AppendRejected: (event) => `rejects ${event.leaderId}: ${event.reason}`,
  CommitAdvanced: (event) => `commits up to ${event.to}: ${event.reason}`,
  NotCommitted: (event) => `does not commit ${event.index} of term ${event.entryTerm}: ${event.reason}`,
  LeadershipLost: (event) =>
    event.last < event.uncommittedFrom ? null : `leaves ${event.uncommittedFrom}..${event.last} uncommitted`,
  StateRestored: null,
  ElectionTimerReset: null,
  TermAdvanced: null,
  VoteCounted: null,
  EntriesProposed: null,
  ProgressChanged: null,
  ProposalRejected: null,
};

function eventText(event: RaftEvent): string | null {
  return (EVENT_TEXTS[event.event] as TextOf<string> | null)?.(event as never) ?? null;
}

function inputText(input: Input): string {
  return input.type === 'message' ? messageText(input.message) : input.type;
}

function entriesText(entries: readonly { readonly index: number; readonly term: Term }[]): string {
  return entries.map(({ index, term }) => `${index}.t${term}`).join(' ');
}

/** Returns terms as the paper's figures show them: `[1 1 1 4]`. */
function runs(terms: readonly Term[]): string {
  return terms.length === 0 ? '(empty)' : `[${terms.join(' ')}]`;
}
