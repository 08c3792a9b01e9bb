/**
 * Patches: the changed parts of a view, which the lab sends and a screen applies. Parts are compared by identity, because the fold
 * keeps unchanged objects. The cost of a comparison is the number of parts, not their depth.
 */
import type { ClusterView, StoryItem, ViewPatch } from './view.ts';

type Top = Omit<ClusterView, 'servers' | 'links' | 'entries' | 'story' | 'remembered'>;

/** The patch that turns `before` into `after`; null when they are equal. */
export function diffView(before: ClusterView, after: ClusterView): ViewPatch | null {
  if (before === after) return null;
  const top = changedTop(before, after);
  const servers = changedMembers(before.servers, after.servers);
  const links = changedMembers(before.links, after.links);
  const entries = changedMembers(before.entries, after.entries);
  const story = before.story === after.story ? {} : { story: changedStory(before.story, after.story) };
  const isEmpty = [top, servers, links, entries, story].every((part) => Object.keys(part).length === 0);
  return isEmpty ? null : { top, servers, links, entries, ...story };
}

/** `applyPatch(before, diffView(before, after))` equals `after` except for `remembered`; parts that were not patched stay the same objects. */
export function applyPatch(view: ClusterView, patch: ViewPatch): ClusterView {
  return {
    ...view,
    ...patch.top,
    servers: patched(view.servers, patch.servers),
    links: patched(view.links, patch.links),
    entries: patched(view.entries, patch.entries),
    story: patch.story === undefined ? view.story : patchedStory(view.story, patch.story),
  };
}

function changedTop(before: ClusterView, after: ClusterView): Partial<Top> {
  const { servers: _s, links: _l, entries: _e, story: _t, remembered: _r, ...top } = after;
  const changed = Object.entries(top).filter(([name, value]) => !Object.is(before[name as keyof Top], value));
  return Object.fromEntries(changed) as Partial<Top>;
}

function changedMembers<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value | null>> {
  if (before === after) return {};
  const changed: Record<string, Value | null> = {};
  for (const [key, value] of Object.entries(after)) if (before[key] !== value) changed[key] = value;
  for (const key of Object.keys(before)) if (after[key] === undefined) changed[key] = null;
  return changed;
}

function patched<Value>(
  members: Readonly<Record<string, Value>>,
  changes: Readonly<Record<string, Value | null>>,
): Readonly<Record<string, Value>> {
  if (Object.keys(changes).length === 0) return members;
  const next: Record<string, Value> = { ...members };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  return next;
}

function changedStory(before: readonly StoryItem[], after: readonly StoryItem[]): readonly (StoryItem | number)[] {
  const known = new Set(before);
  return after.map((item) => (known.has(item) ? item.id : item));
}

/** @throws when the patch belongs to another view */
function patchedStory(story: readonly StoryItem[], changes: readonly (StoryItem | number)[]): readonly StoryItem[] {
  const known = new Map(story.map((item) => [item.id, item]));
  return changes.map((change) => {
    const item = typeof change === 'number' ? known.get(change) : change;
    if (item === undefined) throw new Error(`E-patch-of-another-view: there is no story item ${change}`);
    return item;
  });
}
