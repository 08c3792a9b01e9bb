/** The thing that an event is about, so that a click on its row can select it on the ring or in the logs. */
import { type ClusterView, type TraceEvent, termAt } from '../../core/trace/index.ts';
import { endsOf } from '../../core/vocabulary/index.ts';
import type { Selection } from '../store/dashboard-store.ts';

/** The selection; null for an event about no server, link or entry of this run. */
export function subjectOf(event: TraceEvent, view: ClusterView): Selection | null {
  return entryOf(event, view) ?? linkOf(event, view) ?? serverOf(event, view);
}

function entryOf(event: TraceEvent, view: ClusterView): Selection | null {
  const entry = (index: number | null, term: number | null, server: string): Selection | null =>
    index === null || term === null || index < 1 ? null : { kind: 'entry', index, term, server };
  switch (event.event) {
    case 'EntriesProposed':
      return entry(event.last, event.term, event.source);
    case 'EntriesAppended':
      return entry(event.last, event.runs.at(-1)?.term ?? null, event.source);
    case 'NotCommitted':
      return entry(event.index, event.entryTerm, event.source);
    case 'CommitAdvanced':
      return entry(event.to, termAt(view.servers[event.source]?.log ?? [], event.to), event.source);
    case 'CommandDone':
    case 'StartAnswered':
      return entry(event.index, event.term, event.server);
    default:
      return null;
  }
}

function linkOf(event: TraceEvent, view: ClusterView): Selection | null {
  if (!('link' in event)) return null;
  const { from, to } = endsOf(event.link);
  const [a = '', b = ''] = [from, to].sort();
  if (view.servers[a] !== undefined && view.servers[b] !== undefined) return { kind: 'link', a, b };
  return known(view, from) ?? known(view, to);
}

function serverOf(event: TraceEvent, view: ClusterView): Selection | null {
  if ('server' in event) return known(view, event.server);
  if ('servers' in event && Array.isArray(event.servers)) return known(view, event.servers[0]);
  if (event.event === 'CommandSent') return known(view, event.to);
  if (event.event === 'CommandRedirected') return known(view, event.from);
  return known(view, event.source);
}

function known(view: ClusterView, server: unknown): Selection | null {
  return typeof server === 'string' && view.servers[server] !== undefined ? { kind: 'server', server } : null;
}
