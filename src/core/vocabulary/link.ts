/** A link: one direction between two servers, or between a client and a server. Its name is written and read here only. */
import type { Endpoint } from './ids.ts';

/** One direction: `S1>S2`, `C1>S3`; in orders `clients>S3`, too. */
export type LinkId = `${Endpoint}>${Endpoint}`;

/** In orders to the network: every client, those that connect later as well. */
export const ALL_CLIENTS = 'clients';

/** Sender and receiver of a link. */
export interface LinkEnds {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** Number of links whose ends are remembered: a trace names few links many times. Beyond it all are forgotten. */
const MOST_LINKS = 1_024;
const known = new Map<string, LinkEnds>();

/** The link from one endpoint to another. */
export function linkOf(from: Endpoint, to: Endpoint): LinkId {
  return `${from}>${to}`;
}

/** Sender and receiver of a link. @param link  `S1>S2`; a missing end is empty */
export function endsOf(link: string): LinkEnds {
  const before = known.get(link);
  if (before !== undefined) return before;
  const [from = '', to = ''] = link.split('>');
  const ends = { from, to };
  if (known.size >= MOST_LINKS) known.clear();
  known.set(link, ends);
  return ends;
}

/** The other direction between the same two endpoints. */
export function reversed(link: LinkId): LinkId {
  const { from, to } = endsOf(link);
  return linkOf(to, from);
}
