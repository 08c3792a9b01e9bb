/** The subject of a sentence: the part of the screen that is selected when a person chooses the sentence. */
import { type ClusterView, type StoryItem, termAt } from '../../core/trace/index.ts';
import type { LogIndex, ServerId, Term } from '../contract.ts';
import type { Selection } from '../store/dashboard-store.ts';

/** Returns the entry or the server that an item names; null when it names neither. */
export function subjectOf({ params }: StoryItem, view: ClusterView): Selection | null {
  const server = [params.server, params.servers].map((text) => firstServer(text, view)).find((one) => one !== null);
  const index = params.index ?? params.from;
  const entry = typeof index === 'number' ? entryAt(view, index, server ?? null) : null;
  if (entry !== null) return { kind: 'entry', index: Number(index), ...entry };
  return server == null ? null : { kind: 'server', server };
}

/** The first server of a text such as `S1, S3` or `S2>S4`; null for another text and for a server of another run. */
function firstServer(text: string | number | undefined, view: ClusterView): ServerId | null {
  const id = /\bS\d+\b/.exec(String(text ?? ''))?.[0];
  return id !== undefined && view.servers[id] !== undefined ? id : null;
}

/** The entry at an index on this server, or else on the leader. */
function entryAt(view: ClusterView, index: LogIndex, server: ServerId | null): { server: ServerId; term: Term } | null {
  for (const id of [server, view.leader?.server]) {
    const term = id == null ? null : termAt(view.servers[id]?.log ?? [], index);
    if (id != null && term !== null) return { server: id, term };
  }
  return null;
}
