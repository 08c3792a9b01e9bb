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
 * The shortest text that names these links: arrows in a row (`S1 ↔ S2, S3 → S4`), one chain when they are all the links among
 * some servers (`S1 ↔ S2 ↔ S3`), or one arrow when they share an end (`S1 → S2, S3`). A long row ends in the number of
 * arrows that are left out.
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

/** Text of two or more links that all begin, or all end, at one server (`S1 → S2, S3`); null for other links. */
function fanOf(links: readonly LinkId[]): string | null {
  const froms = [...new Set(links.map((link) => endsOf(link).from))];
  const tos = [...new Set(links.map((link) => endsOf(link).to))];
  if (links.length < 2 || froms.length * tos.length !== links.length || Math.min(froms.length, tos.length) > 1)
    return null;
  return `${froms.join(', ')} → ${tos.join(', ')}`;
}

/** True when the list holds both directions of each link. */
export function isTwoWay(links: readonly LinkId[]): boolean {
  const all = new Set<string>(links);
  return links.every((link) => all.has(reversed(link)));
}
