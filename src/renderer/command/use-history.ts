/** The history of typed commands, as in a shell: arrow up goes back, arrow down forward, and unsent text is kept. */
import { useRef } from 'react';

export interface History {
  remember(line: string): void;
  /** Returns the line `step` further (−1 is older). `current`, the unsent text, is kept as the newest line. */
  move(step: -1 | 1, current: string): string;
}

const KEPT = 200;

/** Returns a history that is kept as long as the component. */
export function useHistory(): History {
  const state = useRef({ lines: [] as string[], at: 0, draft: '' });
  return {
    remember(line) {
      const { lines } = state.current;
      if (lines.at(-1) !== line) lines.push(line);
      lines.splice(0, lines.length - KEPT);
      state.current.at = lines.length;
      state.current.draft = '';
    },
    move(step, current) {
      const now = state.current;
      if (now.at === now.lines.length) now.draft = current;
      now.at = Math.min(now.lines.length, Math.max(0, now.at + step));
      return now.lines[now.at] ?? now.draft;
    },
  };
}
