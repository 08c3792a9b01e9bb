/**
 * The filter over the events: words as they stand on the screen, and the terms `server:S1`, `source:lab`, `name:VoteDenied` and
 * `term:>1`. The lab filters by sources and names; find-events.ts searches the rest in the page.
 */
import type { EventQuery } from '../../core/lab-api/index.ts';
import { EVENT_NAMES, isMessageEvent, type TraceEvent } from '../../core/trace/index.ts';
import { isServerId } from '../../core/vocabulary/index.ts';
import { NOTABLE_NAMES } from '../store/notable.ts';

type Test = (event: TraceEvent) => boolean;

export type ParsedFilter =
  | {
      readonly ok: true;
      /** The part that the lab decides. */
      readonly query: EventQuery;
      /** The terms that only the page decides; each must hold. */
      readonly tests: readonly Test[];
      /** The whole filter, as typed. */
      readonly typed: string;
      /** The words to be searched. */
      readonly text: string;
    }
  /** `word` is the first invalid term. */
  | { readonly ok: false; readonly word: string };

const ALL_NAMES = EVENT_NAMES;

/** The parts of a filter while it is read. */
interface Parts {
  readonly names: string[];
  readonly sources: string[];
  readonly tests: Test[];
}

/** Reads the value of a term into the parts. Returns false for an invalid value. */
type Reader = (value: string, parts: Parts) => boolean;

const readSource: Reader = (value, { sources }) => {
  sources.push(...value.split(','));
  return true;
};

const readName: Reader = (value, { names }) => {
  const fitting = value.split(',').flatMap(namesLike);
  names.push(...fitting);
  return fitting.length > 0;
};

/** A server's own events, and what the lab reports about it. */
const readServer: Reader = (value, { sources, tests }) => {
  const ids = value.toUpperCase().split(',');
  if (!ids.every(isServerId)) return false;
  sources.push(...ids, 'lab');
  tests.push((event) => ids.some((id) => event.source === id || isAbout(event, id)));
  return true;
};

const readTerm: Reader = (value, { tests }) => {
  const found = /^(<=|>=|<|>|=)?(\d{1,9})$/.exec(value);
  if (found === null) return false;
  const [, sign = '=', digits] = found;
  const wanted = Number(digits);
  tests.push(
    (event) => 'term' in event && typeof event.term === 'number' && COMPARE[sign]?.(event.term, wanted) === true,
  );
  return true;
};

const COMPARE: Readonly<Record<string, (term: number, wanted: number) => boolean>> = {
  '=': (term, wanted) => term === wanted,
  '<': (term, wanted) => term < wanted,
  '>': (term, wanted) => term > wanted,
  '<=': (term, wanted) => term <= wanted,
  '>=': (term, wanted) => term >= wanted,
};

/** The terms of the filter. `event` is an older word for `name`. */
const TERMS: Readonly<Record<string, Reader>> = {
  server: readServer,
  source: readSource,
  name: readName,
  event: readName,
  term: readTerm,
};

/**
 * Reads a filter.
 *
 * @param withAll  includes messages on the wire and timers; otherwise only notable events
 */
export function parseFilter(text: string, withAll: boolean): ParsedFilter {
  const parts: Parts = { names: [], sources: [], tests: [] };
  const rest: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const [key = '', value = ''] = splitWord(word);
    if (key === '') rest.push(word);
    else if (value === '' || !Object.hasOwn(TERMS, key) || TERMS[key]?.(value, parts) !== true)
      return { ok: false, word };
  }
  const { names, sources, tests } = parts;
  return {
    ok: true,
    typed: text.trim(),
    text: rest.join(' '),
    tests,
    query: {
      ...(sources.length === 0 ? {} : { sources: [...new Set(sources)] }),
      names: names.length > 0 ? names : scopeNames(withAll),
    },
  };
}

/** Names of the events that the list shows without a filter. */
export function scopeNames(withAll: boolean): readonly string[] {
  return withAll ? ALL_NAMES : NOTABLE_NAMES;
}

/** `source:S1` → ['source', 'S1']. Other words are text, also those of a row: `3:`, `1:02.41`, `S1>S2:`. */
function splitWord(word: string): readonly [string, string] | readonly [] {
  const [, key = '', value = ''] = /^([a-z]+):(.*)$/i.exec(word) ?? [];
  const term = key.toLowerCase();
  return value === '' && !Object.hasOwn(TERMS, term) ? [] : [term, value];
}

/** Event names that contain these letters in any case; messages only when `withAll` or the letters ask for them. */
function namesLike(part: string): readonly string[] {
  const wanted = part.toLowerCase();
  const fitting = ALL_NAMES.filter((name) => name.toLowerCase().includes(wanted));
  return wanted.startsWith('message') ? fitting : fitting.filter((name) => !isMessageEvent(name));
}

function isAbout(event: TraceEvent, id: string): boolean {
  if ('server' in event && event.server === id) return true;
  return 'servers' in event && Array.isArray(event.servers) && event.servers.includes(id);
}
