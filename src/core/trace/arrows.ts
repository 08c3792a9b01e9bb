/** Short texts of links for captions and messages: `S1 → S2`, and `S1 ↔ S2` where both directions are among them. */
import { endsOf, type LinkId, reversed } from '../vocabulary/index.ts';

/** Maximum number of arrows that are named; the others are counted. */
const MOST_NAMED = 4;

/** One arrow for each pair of servers, in the order of the links. */
export function arrowsOf(links: readonly LinkId[]): readonly string[] {
  const all = new Set<string>(links);
  return links.flatMap((link) => {
    const { from, to } = endsOf(link);
    if (!all.has(reversed(link))) return [`${from} → ${to}`];
    return from < to ? [`${from} ↔ ${to}`] : [];
  });
}

/**
 * `S1 ↔ S2, S3 → S4`; all among some servers as one chain `S1 ↔ S2 ↔ S3`; all from one or to one as one arrow
 * `S1 → S2, S3`; of many the first few and how many more.
 */
export function arrowsListed(links: readonly LinkId[]): string {
  const ends = [...new Set(links.map(endsOf).flatMap(({ from, to }) => [from, to]))];
  if (ends.length > 2 && links.length === ends.length * (ends.length - 1)) return ends.join(' ↔ ');
  const fan = fanOf(links);
  if (fan !== null) return fan;
  const arrows = arrowsOf(links);
  if (arrows.length <= MOST_NAMED) return arrows.join(', ');
  return `${arrows.slice(0, MOST_NAMED - 1).join(', ')} +${arrows.length - MOST_NAMED + 1}`;
}

/** Several links that begin, or end, at one server and nowhere else; null for anything else. */
function fanOf(links: readonly LinkId[]): string | null {
  const froms = [...new Set(links.map((link) => endsOf(link).from))];
  const tos = [...new Set(links.map((link) => endsOf(link).to))];
  if (links.length < 2 || froms.length * tos.length !== links.length || Math.min(froms.length, tos.length) > 1)
    return null;
  return `${froms.join(', ')} → ${tos.join(', ')}`;
}

/** True when each link comes with its other direction. */
export function isTwoWay(links: readonly LinkId[]): boolean {
  const all = new Set<string>(links);
  return links.every((link) => all.has(reversed(link)));
}
