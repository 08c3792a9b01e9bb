/**
 * The clients of a run, as its links and commands in progress show them. The stage draws all clients as one, since their number
 * has no bound.
 */
import { ALL_CLIENTS, carries, type Endpoint, endsOf, isClientId, linkOf, type ServerId } from '../vocabulary/index.ts';
import type { ClusterView } from './view.ts';

/** All clients of a run, and their commands in progress. */
export interface ClientsInView {
  /** Ids of the clients that are counted one by one, in the order of their first message. */
  readonly ids: readonly Endpoint[];
  /** True when the run has further clients, whose messages are counted together. */
  readonly hasMore: boolean;
  /** Servers whose messages from or to clients do not pass. */
  readonly cutFrom: readonly ServerId[];
  /** The commands in progress, oldest first, at most 64. */
  readonly waiting: readonly { readonly operation: string; readonly command: string }[];
}

/** The clients of this run; null before a client has sent its first message. */
export function clientsOf(view: ClusterView): ClientsInView | null {
  const senders = new Set<Endpoint>();
  for (const { id, sent } of Object.values(view.links)) {
    const { from } = endsOf(id);
    if (sent > 0 && (from === ALL_CLIENTS || isClientId(from))) senders.add(from);
  }
  if (senders.size === 0) return null;
  const hasMore = senders.delete(ALL_CLIENTS);
  const waiting = Object.entries(view.watch.commands).map(([operation, command]) => ({ operation, command }));
  return { ids: [...senders], hasMore, cutFrom: Object.keys(view.servers).filter((id) => isCut(view, id)), waiting };
}

/** Links are cut shortly before the lab reports that the fault began. */
function isCut(view: ClusterView, server: ServerId): boolean {
  if (view.faults.some(({ kind, servers }) => kind === 'clients' && servers.includes(server))) return true;
  return [linkOf(ALL_CLIENTS, server), linkOf(server, ALL_CLIENTS)].some(
    (link) => !carries(view.links[link]?.policy ?? { mode: 'pass' }),
  );
}
