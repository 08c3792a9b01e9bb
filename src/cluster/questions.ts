/**
 * Questions about the servers of a live run: the state and store that they report, their files, their process. The
 * answer about a server that is down or frozen shows its state and is not an error. Flow: servers.ts → here → control
 * channel.
 */
import type { DiskView, ProcessView } from '../core/lab-api/index.ts';
import type { Durability, ServerId, ServerStateView, StoreView } from '../core/wire/index.ts';
import type { ControlAnswer } from './control/channel.ts';
import { readDisk } from './disk/disk-reader.ts';
import type { ServerProcess } from './server-process.ts';

/** Asks a server for its state over the control channel. */
export async function stateOf(server: ServerProcess): Promise<ServerStateView | { readonly noAnswer: true }> {
  return answered<ServerStateView>(await server.ask({ type: 'state' })) ?? { noAnswer: true };
}

/** The requested page of a store. */
export interface PageAsked {
  /** Maximum number of keys. */
  readonly limit: number;
  /** The page begins after this key; absent: with the first key. */
  readonly after?: string;
}

/**
 * Reads a page of every server's store at once. The page is null for a server that is not up or does not answer in
 * time.
 */
export async function storesOf(
  servers: readonly ServerProcess[],
  { limit, after }: PageAsked,
): Promise<Readonly<Record<ServerId, StoreView | null>>> {
  const request = { type: 'store', limit, ...(after === undefined ? {} : { after }) } as const;
  const stores = await Promise.all(
    servers.map(async (server) => [server.id, answered<StoreView>(await server.ask(request))] as const),
  );
  return Object.fromEntries(stores);
}

/** Reads the files of one server, for a live run and for an opened one. */
export async function diskOf(at: {
  readonly server: ServerId;
  readonly folder: string;
  readonly isLive: boolean;
  readonly durability: Durability;
}): Promise<DiskView> {
  const { server, durability } = at;
  const { term: _term, votedFor: _vote, chain: _chain, ...shown } = await readDisk(at.folder, at.isLive);
  return { server, durability, ...shown };
}

/** The process of one server. */
export function processOf(server: ServerProcess): ProcessView {
  return { server: server.id, ...server.facts() };
}

/** Returns the answer of a program, whose shape the wire protocol fixes; null when the program did not answer. */
function answered<Value>(answer: ControlAnswer): Value | null {
  return answer.outcome === 'answered' ? (answer.value as unknown as Value) : null;
}
