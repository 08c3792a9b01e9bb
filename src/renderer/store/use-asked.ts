/**
 * Keeps an answer of the lab current for a panel. It asks when the panel opens and whenever the key changes, with a given gap
 * between two requests and never two at once. The last answer stays on the screen until the next one arrives. In a paused view
 * only a panel without an answer asks.
 */
import { useEffect, useRef, useState } from 'react';
import type { Answer, LabResult, RequestName, Requests } from '../../core/lab-api/index.ts';
import { useActions, useDashboardState } from './dashboard-context.ts';

/**
 * @param key    name of the facts on which the answer depends; another key asks again
 * @param gapMs  shortest time between two asks
 * @returns null until the first answer
 */
export function useAsked<Name extends RequestName>(
  name: Name,
  ask: Requests[Name]['ask'],
  key: string,
  gapMs: number,
): LabResult<Answer<Name>> | null {
  const actions = useActions();
  const isPaused = useDashboardState((state) => state.isPaused);
  const [answer, setAnswer] = useState<LabResult<Answer<Name>> | null>(null);
  const asked = useRef({ key: '', atMs: Number.NEGATIVE_INFINITY, isBusy: false, turn: 0 });
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` changes whenever `ask` does; each answer changes `turn`, which runs the effect again
  useEffect(() => {
    const last = asked.current;
    if (last.key === key || last.isBusy || (isPaused && answer !== null)) return;
    const waitMs = Math.max(0, last.atMs + gapMs - performance.now());
    const timer = setTimeout(async () => {
      last.isBusy = true;
      last.key = key;
      last.atMs = performance.now();
      const result = await actions.ask(name, ask);
      last.isBusy = false;
      setAnswer(result);
      setTurn((old) => old + 1);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [actions, name, key, gapMs, turn, isPaused]);

  return answer;
}

/**
 * Keeps the answer to a question that is asked when a dialog opens, even in a paused view.
 *
 * @param version  another version asks again; the last answer stays until the next one arrives
 * @returns null until the first answer
 */
export function useAskedOnce<Name extends 'dataFolder' | 'listRuns' | 'listScenarios'>(
  name: Name,
  version = 0,
): LabResult<Answer<Name>> | null {
  const actions = useActions();
  const [answer, setAnswer] = useState<LabResult<Answer<Name>> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version asks again
  useEffect(() => {
    let isGone = false;
    void actions.ask(name, {}).then((result) => {
      if (!isGone) setAnswer(result);
    });
    return () => {
      isGone = true;
    };
  }, [actions, name, version]);
  return answer;
}

/** The shown moment of a recording, for requests that take one; empty in a live run. */
export function useMoment(): { readonly timeUs?: number } {
  const atUs = useDashboardState(({ mode }) => (mode?.mode === 'past' ? mode.atUs : null));
  return atUs === null ? {} : { timeUs: atUs };
}
