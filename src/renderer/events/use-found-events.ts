/**
 * Keeps the events of the list current. It searches when the search changes, even in a paused view, and again when events
 * have come, with a given gap between two searches. A search that another one replaced stops.
 */

import { useEffect, useRef, useState } from 'react';
import type { Answer, LabResult } from '../../core/lab-api/index.ts';
import { labError } from '../../core/lab-api/lab-problem.ts';
import { useActions } from '../store/dashboard-context.ts';
import { type AskEvents, type FoundEvents, findEvents, findMore, type Search } from './find-events.ts';

/** An answer and the key of its search. */
interface Answered {
  readonly key: string;
  readonly version: number;
  readonly result: LabResult<FoundEvents>;
}

/** Thrown to end a search that another one has replaced. It is never shown. */
const ABANDONED: LabResult<Answer<'events'>> = { ok: false, error: labError('busy') };
/** Pause in typing after which a search begins (ms). */
const TYPING_MS = 150;

/**
 * @param key      name of the search; another key starts a new search
 * @param version  increases when events have come
 * @param gapMs    shortest time between two searches of one key
 * @returns null until the first answer to this key
 */
export function useFoundEvents(
  search: Search,
  key: string,
  version: number,
  gapMs: number,
): LabResult<FoundEvents> | null {
  const actions = useActions();
  const [answered, setAnswered] = useState<Answered | null>(null);
  const current = useRef<string | null>(null);
  const busyWith = useRef<string | null>(null);
  const lastMs = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    current.current = key;
    return () => {
      current.current = null;
    };
  }, [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` changes whenever `search` does
  useEffect(() => {
    const before = answered?.key === key ? answered : null;
    if (busyWith.current === key || before?.version === version) return;
    const ask: AskEvents = (query) =>
      current.current === key ? actions.ask('events', query) : Promise.resolve(ABANDONED);
    async function find(): Promise<void> {
      busyWith.current = key;
      const known = before?.result.ok === true ? before.result.value : null;
      const result = known === null ? await findEvents(ask, search) : await findMore(ask, search, known);
      if (busyWith.current === key) busyWith.current = null;
      lastMs.current = performance.now();
      if (current.current === key) setAnswered({ key, version, result });
    }
    const gap = before === null ? TYPING_MS : gapMs;
    const timer = setTimeout(() => void find(), Math.max(0, lastMs.current + gap - performance.now()));
    return () => clearTimeout(timer);
  }, [actions, key, gapMs, answered, version]);

  return answered?.key === key ? answered.result : null;
}
