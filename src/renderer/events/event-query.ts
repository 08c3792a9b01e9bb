/**
 * The filter over the event list: plain text, and the terms `source:S1` and `event:VoteDenied`. The lab filters by sources and
 * names; find-events.ts searches the text in the lines as the screen shows them.
 */
import type { EventQuery } from '../../core/lab-api/index.ts';
import { EVENT_NAMES, isMessageEvent } from '../../core/trace/index.ts';
import { NOTABLE_NAMES } from '../store/notable.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly query: EventQuery; readonly text: string }
  /** `word` is the first invalid term. */
  | { readonly ok: false; readonly word: string };

const ALL_NAMES = EVENT_NAMES;

/**
 * Turns a filter into a query for the lab.
 *
 * @param withAll  includes messages on the wire and timers; otherwise only notable events
 */
export function parseFilter(text: string, withAll: boolean): ParsedFilter {
  const names: string[] = [];
  const sources: string[] = [];
  const rest: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const [key = '', value = ''] = splitWord(word);
    if (key === '') rest.push(word);
    else if (key === 'source' && value !== '') sources.push(...value.split(','));
    else if (key === 'event' && value !== '') {
      const fitting = value.split(',').flatMap(namesLike);
      if (fitting.length === 0) return { ok: false, word };
      names.push(...fitting);
    } else return { ok: false, word };
  }
  return {
    ok: true,
    text: rest.join(' '),
    query: {
      ...(sources.length === 0 ? {} : { sources }),
      names: names.length > 0 ? names : withAll ? ALL_NAMES : NOTABLE_NAMES,
    },
  };
}

/** `source:S1` → ['source', 'S1']; a word without a colon, or with one at its start, is text. */
function splitWord(word: string): readonly [string, string] | readonly [] {
  const colon = word.indexOf(':');
  return colon > 0 ? [word.slice(0, colon).toLowerCase(), word.slice(colon + 1)] : [];
}

/** Event names that contain these letters in any case; messages only when `withAll` or the letters ask for them. */
function namesLike(part: string): readonly string[] {
  const wanted = part.toLowerCase();
  const fitting = ALL_NAMES.filter((name) => name.toLowerCase().includes(wanted));
  return wanted.startsWith('message') ? fitting : fitting.filter((name) => !isMessageEvent(name));
}
