/** The words of a command in the face *Asked*: how it ended, after how long, its attempts and its copies. */
import type { AskedCommand, CommandAttempt, CommandCopy } from '../../core/trace/index.ts';
import { isCommand } from '../../core/vocabulary/index.ts';
import { formatTenths } from '../texts/format.ts';
import { reasonText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

/** The end of a command in a few words. `warning`: its client did not learn the end. */
export interface EndText {
  readonly text: string;
  readonly tone: 'neutral' | 'warning';
}

/** How the command ended, or how long it has waited until `nowUs`. */
export function endText(t: Translate, asked: AskedCommand, nowUs: number): EndText {
  const { end, fate } = asked;
  if (end === null) {
    return {
      text: t('asked.waiting', { seconds: formatTenths((nowUs - asked.askedUs) / 1_000_000) }),
      tone: 'neutral',
    };
  }
  if (end.is === 'done') return { text: doneText(t, asked, end), tone: 'neutral' };
  if (end.is === 'refused')
    return { text: t('command.refused', { reason: reasonText(t, end.reason) }), tone: 'neutral' };
  const is = fate?.is ?? 'open';
  const index = fate?.is === 'committed' ? fate.index : end.is === 'accepted' ? end.index : 0;
  return { text: t(`asked.${end.is}.${is}`, { index }), tone: end.is === 'unknown' ? 'warning' : 'neutral' };
}

/** A read shows its value, any other command the index of its entry. */
function doneText(
  t: Translate,
  { command }: AskedCommand,
  { index, result }: Extract<AskedCommand['end'], { readonly is: 'done' }>,
): string {
  if (!result.ok) return t('command.failed', { index, reason: reasonText(t, result.reason) });
  const key = isCommand(command) ? command.key : '';
  if (isCommand(command) && command.op === 'get') {
    return result.value === null ? t('command.valueAbsent', { key }) : t('command.value', { key, value: result.value });
  }
  return result.swapped === false ? t('asked.notSwapped', { index }) : t('asked.done', { index });
}

/** `0.8 s`, or `15 s` from ten seconds on. */
export function tookText(t: Translate, tookUs: number | null): string {
  if (tookUs === null) return '';
  const seconds = tookUs / 1_000_000;
  return t('asked.seconds', { seconds: seconds < 9.95 ? formatTenths(seconds) : Math.round(seconds) });
}

/** The sentence of an attempt. */
export function attemptText(t: Translate, { server, end, to }: CommandAttempt): string {
  if (end !== 'redirected') return t(`asked.attempt.${end}`, { server });
  return to === null ? t('asked.attempt.redirectedNowhere', { server }) : t('asked.attempt.redirected', { server, to });
}

/** The sentence of a copy. */
export function copyText(t: Translate, { index, term, by, fate }: CommandCopy): string {
  return `${t('asked.copy.place', { index, term, server: by })}: ${t(`asked.copy.${fate}`)}`;
}

/** The sentence about the fate of a command whose client did not learn it; null for another command. */
export function fateText(t: Translate, { fate }: AskedCommand): string | null {
  return fate === null ? null : t(`asked.fate.${fate.is}`);
}
