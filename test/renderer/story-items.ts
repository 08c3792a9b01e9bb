/** Items of a story for tests of the renderer. */
import type { StoryItem } from '../../src/core/trace/index.ts';

/** An item with this id; by default S1 was killed. */
export function storyItem(id: number, changes: Partial<StoryItem> = {}): StoryItem {
  return {
    ...{ id, seq: id, timeUs: id * 1000, rank: 4, tone: 'warning', causes: [], chain: [] },
    code: 'server-killed',
    params: { server: 'S1', signal: 'SIGKILL', pid: 4711 },
    ...changes,
  };
}
