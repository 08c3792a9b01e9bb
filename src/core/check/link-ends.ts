/** Sender and receiver of a link. A trace names few links many times, so each name is taken apart once. */

export interface LinkEnds {
  readonly from: string;
  readonly to: string;
}

/** Links that are remembered; beyond it all are forgotten. */
const MOST_LINKS = 1_024;
const known = new Map<string, LinkEnds>();

/** @param link  `S1>S2`; an end that is missing is empty */
export function endsOf(link: string): LinkEnds {
  const before = known.get(link);
  if (before !== undefined) return before;
  const [from = '', to = ''] = link.split('>');
  const ends = { from, to };
  if (known.size >= MOST_LINKS) known.clear();
  known.set(link, ends);
  return ends;
}
