/**
 * Messages between servers as frames. The header carries sender, receiver and term, and the body carries the other
 * fields of the paper's Figure 2. A few fields that the picture draws are in both, and they must agree.
 */
import type { AppendEntriesReply, Message } from '../raft/messages.ts';
import type { Rpc, WireEntry } from '../vocabulary/index.ts';
import { checkFields, type Fields, isBoolean, isCount, isProblem, type Problem, parseJson, problem } from './check.ts';
import { parseWireEntry } from './entry.ts';
import { type FrameHeader, WIRE_VERSION } from './frame.ts';
import { encodeFrame, type FrameStamp } from './header.ts';

/** Encodes a message as one frame, with the header fields that the picture draws. */
export function encodeRaftMessage(message: Message, stamp: FrameStamp): string {
  return encodeFrame(raftHeader(message, stamp), raftBody(message));
}

/**
 * Decodes a message between servers.
 *
 * @param header  of a frame on an authenticated link, already checked against it (`checkLink`)
 * @param bodyText  everything after the header's newline
 * @returns the message with from, to and term taken from the header, or why it is malformed
 */
export function decodeRaftMessage(header: FrameHeader, bodyText: string): Message | Problem {
  if (header.term === null) return problem('a Raft message without a term');
  const parsed = parseJson(bodyText);
  if (isProblem(parsed)) return parsed;
  const addressed = { from: header.from, to: header.to, term: header.term };
  const isRequest = header.kind === 'request';
  switch (header.rpc) {
    case 'PreVote':
    case 'RequestVote':
      return isRequest ? decodeVote(header, addressed, parsed.value) : decodeVoteReply(header, addressed, parsed.value);
    case 'AppendEntries':
      return isRequest
        ? decodeAppend(header, addressed, parsed.value)
        : decodeAppendReply(header, addressed, parsed.value);
    default:
      return problem(`${header.rpc} is not a message between servers`);
  }
}

interface Addressed {
  readonly from: string;
  readonly to: string;
  readonly term: number;
}

function raftHeader(message: Message, stamp: FrameStamp): FrameHeader {
  const base = (rpc: Rpc, kind: 'request' | 'reply') => ({
    v: WIRE_VERSION as typeof WIRE_VERSION,
    id: stamp.id,
    kind,
    rpc,
    from: message.from,
    to: message.to,
    life: stamp.life,
    term: message.term,
    sentUs: stamp.sentUs,
  });
  switch (message.type) {
    case 'RequestVote':
      return base(message.preVote ? 'PreVote' : 'RequestVote', 'request');
    case 'RequestVoteReply':
      return { ...base(message.preVote ? 'PreVote' : 'RequestVote', 'reply'), voteGranted: message.voteGranted };
    case 'AppendEntries': {
      const { prevLogIndex, leaderCommit, entries } = message;
      const header = { ...base('AppendEntries', 'request'), prevLogIndex, leaderCommit };
      if (entries.length === 0) return header;
      return { ...header, first: prevLogIndex + 1, last: prevLogIndex + entries.length };
    }
    case 'AppendEntriesReply':
      return message.success
        ? { ...base('AppendEntries', 'reply'), success: true, matchIndex: message.matchIndex }
        : { ...base('AppendEntries', 'reply'), success: false, prevLogIndex: message.prevLogIndex };
  }
}

function raftBody(message: Message): Fields {
  switch (message.type) {
    case 'RequestVote':
      return { lastLogIndex: message.lastLogIndex, lastLogTerm: message.lastLogTerm };
    case 'RequestVoteReply':
      return { voteGranted: message.voteGranted };
    case 'AppendEntries': {
      const { prevLogIndex, prevLogTerm, leaderCommit, entries } = message;
      return { prevLogIndex, prevLogTerm, leaderCommit, entries: entries.map(withoutChain) };
    }
    case 'AppendEntriesReply':
      return message.success
        ? { success: true, matchIndex: message.matchIndex }
        : {
            success: false,
            prevLogIndex: message.prevLogIndex,
            conflictIndex: message.conflictIndex,
            conflictTerm: message.conflictTerm,
          };
  }
}

/** Returns the entry without its chain. The receiver computes the chain itself, so that a divergence shows. */
function withoutChain(entry: WireEntry): WireEntry {
  const { index, term } = entry;
  if (entry.type !== 'command') return { type: entry.type, index, term };
  return { type: 'command', session: entry.session, sequence: entry.sequence, command: entry.command, index, term };
}

const VOTE = { lastLogIndex: isCount, lastLogTerm: isCount };
const VOTE_REPLY = { voteGranted: isBoolean };
const APPEND = { prevLogIndex: isCount, prevLogTerm: isCount, leaderCommit: isCount, entries: Array.isArray };
const APPEND_SUCCESS = { success: isBoolean, matchIndex: isCount };
const APPEND_FAILURE = { success: isBoolean, prevLogIndex: isCount, conflictIndex: isCount, conflictTerm: isCount };

function decodeVote(header: FrameHeader, addressed: Addressed, body: unknown): Message | Problem {
  const wrong = checkFields(body, VOTE) ?? checkPicture(header, {});
  if (wrong !== null) return wrong;
  const { lastLogIndex, lastLogTerm } = body as { lastLogIndex: number; lastLogTerm: number };
  return { type: 'RequestVote', ...addressed, preVote: header.rpc === 'PreVote', lastLogIndex, lastLogTerm };
}

function decodeVoteReply(header: FrameHeader, addressed: Addressed, body: unknown): Message | Problem {
  const wrong = checkFields(body, VOTE_REPLY) ?? checkPicture(header, body as Fields);
  if (wrong !== null) return wrong;
  const { voteGranted } = body as { voteGranted: boolean };
  return { type: 'RequestVoteReply', ...addressed, preVote: header.rpc === 'PreVote', voteGranted };
}

function decodeAppend(header: FrameHeader, addressed: Addressed, body: unknown): Message | Problem {
  const wrong = checkFields(body, APPEND);
  if (wrong !== null) return wrong;
  const fields = body as { prevLogIndex: number; prevLogTerm: number; leaderCommit: number; entries: unknown[] };
  const { prevLogIndex, prevLogTerm, leaderCommit } = fields;
  const range =
    fields.entries.length > 0 ? { first: prevLogIndex + 1, last: prevLogIndex + fields.entries.length } : {};
  const disagrees = checkPicture(header, { prevLogIndex, leaderCommit, ...range });
  if (disagrees !== null) return disagrees;
  const entries = checkEntries(fields.entries, { prevLogIndex, prevLogTerm, term: addressed.term });
  if (isProblem(entries)) return entries;
  return { type: 'AppendEntries', ...addressed, prevLogIndex, prevLogTerm, entries, leaderCommit };
}

/** Checks that entries follow prevLogIndex without a gap and that their terms neither fall nor exceed the leader's. */
function checkEntries(
  values: readonly unknown[],
  before: { readonly prevLogIndex: number; readonly prevLogTerm: number; readonly term: number },
): readonly WireEntry[] | Problem {
  let index = before.prevLogIndex;
  let term = before.prevLogTerm;
  for (const value of values) {
    const entry = parseWireEntry(value);
    if (isProblem(entry)) return entry;
    index += 1;
    if (entry.index !== index) return problem(`entry ${entry.index} stands where ${index} belongs`);
    if (entry.term < term) return problem(`entry ${entry.index} has a lower term than the one before it`);
    term = entry.term;
  }
  return term <= before.term ? (values as readonly WireEntry[]) : problem("an entry's term exceeds the leader's");
}

function decodeAppendReply(header: FrameHeader, addressed: Addressed, body: unknown): Message | Problem {
  const success = (body as Fields | null)?.success === true;
  const wrong = checkFields(body, success ? APPEND_SUCCESS : APPEND_FAILURE);
  if (wrong !== null) return wrong;
  const { prevLogIndex, conflictIndex, conflictTerm, matchIndex } = body as Record<string, number>;
  const disagrees = checkPicture(header, success ? { success, matchIndex } : { success, prevLogIndex });
  if (disagrees !== null) return disagrees;
  const rest = success ? { success, matchIndex } : { success, prevLogIndex, conflictIndex, conflictTerm };
  return { type: 'AppendEntriesReply', ...addressed, ...rest } as AppendEntriesReply;
}

const PICTURE = ['voteGranted', 'success', 'matchIndex', 'prevLogIndex', 'first', 'last', 'leaderCommit'] as const;

/** Checks that header and body agree about the fields from which the trace's picture is drawn. */
function checkPicture(header: FrameHeader, body: Fields): Problem | null {
  for (const name of PICTURE) {
    if (header[name] !== body[name]) return problem(`header and body disagree about ${name}`);
  }
  return null;
}
