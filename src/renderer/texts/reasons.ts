/**
 * Translates codes and values of captions, events and errors: a role, a reason, a pace. A code without a text is shown
 * unchanged, so that a missing translation hides nothing.
 */
import { formatCommand, type LabError } from '../../core/lab-api/index.ts';
import { type StoryItem, sleptInWords } from '../../core/trace/index.ts';
import { isCommand } from '../../core/vocabulary/index.ts';
import { TRANSLATIONS } from '../../translations/index.ts';
import { inLanguage } from './both-languages.ts';
import { formatRange, formatTenths } from './format.ts';
import type { Translate } from './translations.ts';

/** The text of a reason code; an unknown code unchanged. */
export function reasonText(t: Translate, code: string): string {
  return isKeyOf(TRANSLATIONS.en.reason, code) ? t(`reason.${code}`) : code;
}

/** The name of a role inside a sentence; an unknown role unchanged. */
export function roleInText(t: Translate, role: string): string {
  return isKeyOf(TRANSLATIONS.en.roleInText, role) ? t(`roleInText.${role}`) : role;
}

/** The name of a pace; an unknown pace unchanged. */
export function paceText(t: Translate, pace: string): string {
  return isKeyOf(TRANSLATIONS.en.pace, pace) ? t(`pace.${pace}`) : pace;
}

/** The sentence of a lab error. */
export function errorText(t: Translate, error: LabError): string {
  const known = isKeyOf(TRANSLATIONS.en.error, error.code);
  return known ? t(`error.${error.code}`, { ...error.params }) : error.message;
}

/** The sentence of an item of the story: its clauses and its caption, with arrows between them. */
export function storyText(t: Translate, item: StoryItem): string {
  const clauses = item.chain.map(({ code, params }) => t(`clause.${code}`, bracketed(captionParams(t, params))));
  const sentence = [...clauses, endText(t, item)].join(' → ');
  // A command stands as it is typed.
  return startsWithCommand(item) ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** The arrow of a link must not read like the arrow between two clauses. */
function bracketed(params: StoryItem['params']): Record<string, string | number> {
  const entries = Object.entries(params).map(([name, value]) => [
    name,
    /[→↔]/.test(String(value)) ? `(${value})` : value,
  ]);
  return Object.fromEntries(entries);
}

function startsWithCommand({ chain, params }: StoryItem): boolean {
  const { what, server } = chain[0]?.params ?? params;
  return what !== undefined && what !== '' && server === undefined;
}

/** The last part of a chained sentence does not repeat the server, or the command, of the clauses before it. */
function endText(t: Translate, item: StoryItem): string {
  const named = item.chain
    // In some clauses `servers` is their number.
    .map(({ params: { server, servers } }) => server ?? (typeof servers === 'string' ? servers : undefined))
    .findLast((one) => one !== undefined);
  const key = `${item.code}Then`;
  const isSame = item.chain.length > 0 && named === item.params.server && item.params.result !== '';
  if (!isSame || !isKeyOf(TRANSLATIONS.en.caption, key)) return captionText(t, item);
  return t(`caption.${key}`, captionParams(t, item.params));
}

/** The sentence of a caption: its code selects the sentence, and its parameters are translated first. */
export function captionText(t: Translate, caption: Pick<StoryItem, 'code' | 'params'>): string {
  const params = captionParams(t, caption.params);
  const many = `${caption.code}Many`;
  if (Number(params.times ?? 1) > 1 && isKeyOf(TRANSLATIONS.en.caption, many)) return t(`caption.${many}`, params);
  switch (caption.code) {
    case 'committed':
      return params.what === '' ? t('caption.committedQuiet', params) : t('caption.committed', params);
    case 'command-done':
      return params.result === '' ? t('caption.command-doneQuiet', params) : t('caption.command-done', params);
    case 'truncated':
      return params.what === '' ? t('caption.truncated', params) : t('caption.truncatedOne', params);
    case 'start-not-leader':
      return params.leader === ''
        ? t('caption.start-not-leaderUnknown', params)
        : t('caption.start-not-leader', params);
    case 'election-started':
    case 'pre-vote-started':
      // Each of several candidates heard nothing for another length of time.
      return t(params.many === 1 ? `caption.${caption.code}` : `caption.${caption.code}Together`, params);
    default:
      return t(`caption.${caption.code}`, params);
  }
}

/** A length as a person says it: milliseconds below a second, then seconds with one decimal. */
function lengthText(t: Translate, ms: number): string {
  return ms < 1_000 ? t('time.milliseconds', { value: ms }) : t('time.seconds', { value: formatTenths(ms / 1_000) });
}

function captionParams(t: Translate, params: StoryItem['params']): Record<string, string | number> {
  const out: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) {
    const text = String(value);
    if (name === 'reason') out[name] = reasonText(t, text);
    else if (name === 'role') out[name] = roleInText(t, text);
    else if (name === 'silentMs') out.silent = lengthText(t, Number(value));
    // Several terms are one text: `2, 3`.
    else if (name === 'terms') Object.assign(out, { [name]: text, count: text.split(', ').length });
    else if (name === 'sleptMs') out.slept = inLanguage(t, sleptInWords(Number(value)));
    else if (name === 'pace') out[name] = paceText(t, text);
    else if (name === 'votedFor') out[name] = text === '' ? t('server.nobody') : text;
    else out[name] = value;
  }
  const { from, last } = params;
  if (typeof from === 'number' && typeof last === 'number') {
    out.range = formatRange(from, last);
    out.count = last - from + 1;
  }
  return out;
}

/** A command as a person types it, from the JSON of an entry; other JSON unchanged. */
export function commandText(command: unknown): string {
  return isCommand(command) ? formatCommand(command) : JSON.stringify(command);
}

/** A command as its result in the store, `lost=1`; a command that sets no value as a person types it. */
export function assignmentText(command: unknown): string {
  return isCommand(command) && command.op === 'set' ? `${command.key}=${command.value}` : commandText(command);
}

function isKeyOf<Words extends object>(words: Words, key: string): key is Extract<keyof Words, string> {
  return Object.hasOwn(words, key);
}
