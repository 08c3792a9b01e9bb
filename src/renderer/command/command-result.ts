/** The outcome of a command as text: done with its index and latency, unknown, not the leader, refused. */
import type { Answer, LabError, LabResult } from '../../core/lab-api/index.ts';
import type { Command, ServerId } from '../contract.ts';
import { formatMs } from '../texts/format.ts';
import { errorText, reasonText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

export type CommandOutcome =
  | { readonly kind: 'submit'; readonly command: Command; readonly result: LabResult<Answer<'submit'>> }
  | {
      readonly kind: 'start';
      readonly command: Command;
      readonly server: ServerId;
      readonly result: LabResult<Answer<'startCommand'>>;
    };

export interface OutcomeText {
  readonly text: string;
  readonly tone: 'good' | 'neutral' | 'warning' | 'bad';
}

/** The line beside the command. */
export function outcomeText(t: Translate, outcome: CommandOutcome): OutcomeText {
  if (!outcome.result.ok) return errorOutcome(t, outcome.result.error);
  return outcome.kind === 'submit'
    ? submitOutcome(t, outcome.command, outcome.result.value)
    : startOutcome(t, outcome.server, outcome.result.value);
}

function errorOutcome(t: Translate, error: LabError): OutcomeText {
  return { text: errorText(t, error), tone: 'bad' };
}

function submitOutcome(t: Translate, command: Command, answer: Answer<'submit'>): OutcomeText {
  if (answer.outcome === 'unknown') {
    return { text: t('command.unknown', { attempts: answer.attempts }), tone: 'warning' };
  }
  if (answer.outcome === 'refused') {
    return { text: t('command.refused', { reason: reasonText(t, answer.reason) }), tone: 'bad' };
  }
  const { index, latencyMs, result } = answer;
  if (!result.ok) {
    return { text: t('command.failed', { index, reason: reasonText(t, result.reason) }), tone: 'warning' };
  }
  const done = t('command.done', { index, ms: formatMs(latencyMs) });
  const { key } = command;
  const value =
    result.value === null ? t('command.valueAbsent', { key }) : t('command.value', { key, value: result.value });
  if (result.swapped === true) return { text: `${done} · ${t('command.swapped')}, ${value}`, tone: 'good' };
  if (result.swapped === false) {
    const kept =
      result.value === null
        ? t('command.notSwappedAbsent', { key })
        : t('command.notSwapped', { key, value: result.value });
    return { text: `${done} · ${kept}`, tone: 'neutral' };
  }
  return { text: `${done} · ${value}`, tone: 'good' };
}

function startOutcome(t: Translate, server: ServerId, answer: Answer<'startCommand'>): OutcomeText {
  const { index, term, leaderId } = answer;
  switch (answer.outcome) {
    case 'accepted':
      return { text: t('command.accepted', { server, index: index ?? 0, term: term ?? 0 }), tone: 'neutral' };
    case 'not-leader':
      return leaderId === null || leaderId === server
        ? { text: t('command.notLeaderUnknown', { server }), tone: 'warning' }
        : { text: t('command.notLeader', { server, leader: leaderId }), tone: 'warning' };
    case 'busy':
      return { text: t('command.busy', { server }), tone: 'warning' };
    case 'no-answer':
      return { text: t('command.noAnswer', { server }), tone: 'warning' };
    case 'refused':
      return { text: t('command.refused', { reason: reasonText(t, 'refused') }), tone: 'bad' };
  }
}
