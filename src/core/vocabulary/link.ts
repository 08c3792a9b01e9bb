/**
 * A link: one direction between two servers, or between a client and a server. Only this file writes and parses its
 * name.
 */
import type { Endpoint } from './ids.ts';

/** Id of one direction: `S1>S2`, `C1>S3`. Requests may also use `clients>S3`. */
export type LinkId = `${Endpoint}>${Endpoint}`;

/** Represents every client in requests to the network process, including clients that connect later. */
export const ALL_CLIENTS = 'clients';

/** Sender and receiver of a link. */
export interface LinkEnds {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/**
 * Maximum number of links whose parsed ends are cached, because a trace repeats few links many times. When it is
 * reached, the cache is cleared.
 */
const MOST_LINKS = 1_024;
const known = new Map<string, LinkEnds>();

/** Returns the link from one endpoint to another. */
export function linkOf(from: Endpoint, to: Endpoint): LinkId {
  return `${from}>${to}`;
}

/**
 * Returns the sender and receiver of a link.
 *
 * @param link  `S1>S2`; a missing end is returned as an empty string
 */
export function endsOf(link: string): LinkEnds {
  const before = known.get(link);
  if (before !== undefined) return before;
  const [from = '', to = ''] = link.split('>');
  const ends = { from, to };
  if (known.size >= MOST_LINKS) known.clear();
  known.set(link, ends);
  return ends;
}

/** Returns the opposite direction between the same two endpoints. */
export function reversed(link: LinkId): LinkId {
  const { from, to } = endsOf(link);
  return linkOf(to, from);
}
