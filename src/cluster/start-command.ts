/**
 * Start(command) of the course tests: asks one server to begin agreement. The server answers at once with index, term
 * and whether it believes that it leads. Start does not retry and does not promise that the command commits. Flow:
 * servers.ts → here → control channel.
 */
import type { StartAnswer } from '../core/lab-api/index.ts';
import type { LabEvent } from '../core/trace/index.ts';
import { type Command, isServerId, type Json } from '../core/wire/index.ts';
import type { ControlAnswer } from './control/channel.ts';
import type { ServerProcess } from './server-process.ts';

/** Notes the request, asks the server, and notes the answer. */
export async function orderStart(
  server: ServerProcess,
  command: Command,
  note: (event: LabEvent) => void,
): Promise<StartAnswer> {
  note({ event: 'StartOrdered', server: server.id, command });
  const answer = startAnswerOf(await server.ask({ type: 'start', command }));
  const { outcome, index, term, leaderId } = answer;
  note({ event: 'StartAnswered', server: server.id, outcome, index, term, leaderId });
  return answer;
}

const NOTHING = { index: null, term: null, isLeader: false, leaderId: null } as const;

/** Turns the answer over control into a value of the lab's API. */
function startAnswerOf(answer: ControlAnswer): StartAnswer {
  if (answer.outcome === 'no-answer') return { outcome: 'no-answer', ...NOTHING };
  if (answer.outcome === 'refused') {
    return { outcome: answer.reason === 'busy' ? 'busy' : 'refused', ...NOTHING };
  }
  const told = answer.value as Readonly<Record<string, Json>>;
  const index = typeof told.index === 'number' ? told.index : null;
  const term = typeof told.term === 'number' ? told.term : null;
  const leaderId = isServerId(told.leaderId) ? told.leaderId : null;
  if (told.isLeader !== true) return { outcome: 'not-leader', index, term, isLeader: false, leaderId };
  return { outcome: index === null ? 'busy' : 'accepted', index, term, isLeader: true, leaderId };
}
