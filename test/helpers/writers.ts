/** Concurrent writers on one lab: each appends words to its own key and records the answers. */
import type { Lab } from '../../src/lab/types.ts';

export interface Word {
  readonly key: string;
  readonly word: string;
}

export interface Outcomes {
  /** Words whose commands were acknowledged; each writer's words are in the order of its answers. */
  readonly done: readonly Word[];
  /** Words whose commands may or may not have been applied. */
  readonly unknown: readonly Word[];
}

export interface Writer {
  readonly keys: readonly string[];
  acknowledged(): number;
  inFlight(): number;
  /** Resolves at once, or after the first command or answer, when `holds` returns true. */
  until(holds: () => boolean): Promise<void>;
  stop(): Promise<Outcomes>;
}

export function startWriters(lab: Lab, count: number): Writer {
  const done: Word[] = [];
  const unknown: Word[] = [];
  const waiting = new Set<() => void>();
  let inFlight = 0;
  let stopping = false;
  const keys = Array.from({ length: count }, (_, writer) => `writer${writer}`);
  const write = async (key: string): Promise<void> => {
    for (let number = 1; !stopping; number++) {
      const word = `${key}.${number}`;
      inFlight += 1;
      for (const check of waiting) check();
      const result = await lab.ask('submit', { command: { op: 'append', key, value: ` ${word}` } });
      inFlight -= 1;
      if (!result.ok) throw new Error(`submit: ${result.error.message}`);
      if (result.value.outcome === 'refused') throw new Error(`submit was refused: ${result.value.reason}`);
      (result.value.outcome === 'done' ? done : unknown).push({ key, word });
      for (const check of waiting) check();
    }
  };
  const running = Promise.all(keys.map(write));
  return {
    keys,
    acknowledged: () => done.length,
    inFlight: () => inFlight,
    until: async (holds) => {
      await Promise.race([
        running,
        new Promise<void>((resolve) => {
          const check = (): void => {
            if (!holds()) return;
            waiting.delete(check);
            resolve();
          };
          waiting.add(check);
          check();
        }),
      ]);
    },
    stop: async () => {
      stopping = true;
      await running;
      return { done, unknown };
    },
  };
}
