/**
 * A value as judges keep it: a short text as it stands, a long one as its length, a 64-bit hash and its first units. Two
 * texts have one digest exactly when they are equal (but for a chance of about 2^-64), and the digest of two texts joined
 * is worked out from their digests: nobody has to keep a text in order to append to it.
 *
 * The hash is a polynomial in two odd bases modulo 2^32, so hash(a + b) = hash(a) · base^|b| + hash(b). Like the chain
 * (core/raft/chain.ts) it guards against mistakes, not against attackers.
 */

/** Compared with `===`. */
export type Digest = string;

/** Longest text that is kept as it stands, in UTF-16 code units. */
export const SHORT_UNITS = 64;
/** How much of a long text is kept for people to read. */
const HEAD_UNITS = 40;

const HIGH_BASE = 0x85ebca6b | 0;
const LOW_BASE = 0xc2b2ae35 | 0;

interface Parts {
  readonly units: number;
  readonly high: number;
  readonly low: number;
  readonly head: string;
}

/** Of any text. Costs one pass over a long one; `Digests` saves the pass for a text that comes by again. */
export function digestOf(text: string): Digest {
  return text.length <= SHORT_UNITS ? `=${text}` : longDigest(partsOf(text));
}

/** The digest of the two texts one behind the other. */
export function joined(first: Digest, second: Digest): Digest {
  const [one, other] = [shortText(first), shortText(second)];
  if (one !== null && other !== null) return digestOf(one + other);
  const a = one === null ? parsed(first) : partsOf(one);
  const b = other === null ? parsed(second) : partsOf(other);
  return longDigest({
    units: a.units + b.units,
    high: (Math.imul(a.high, power(HIGH_BASE, b.units)) + b.high) | 0,
    low: (Math.imul(a.low, power(LOW_BASE, b.units)) + b.low) | 0,
    head: (a.head + b.head).slice(0, HEAD_UNITS),
  });
}

/** Length of the text, in UTF-16 code units. */
export function unitsOf(digest: Digest): number {
  return shortText(digest)?.length ?? parsed(digest).units;
}

/** The text for people: whole in quotes, or its first units with its length and hash. Different texts look different. */
export function shown(digest: Digest): string {
  const short = shortText(digest);
  if (short !== null) return JSON.stringify(short);
  const { units, high, low, head } = parsed(digest);
  return `${JSON.stringify(`${head}…`)} (${units} units, hash ${hex(high)}${hex(low)})`;
}

function shortText(digest: Digest): string | null {
  return digest.startsWith('=') ? digest.slice(1) : null;
}

function longDigest({ units, high, low, head }: Parts): Digest {
  return `#${hex(high)}${hex(low)}${units}:${head}`;
}

function parsed(digest: Digest): Parts {
  const colon = digest.indexOf(':');
  return {
    units: Number(digest.slice(17, colon)),
    high: Number.parseInt(digest.slice(1, 9), 16) | 0,
    low: Number.parseInt(digest.slice(9, 17), 16) | 0,
    head: digest.slice(colon + 1),
  };
}

const HIGH = powersOf(HIGH_BASE);
const LOW = powersOf(LOW_BASE);

function partsOf(text: string): Parts {
  const units = text.length;
  let high = 0;
  let low = 0;
  let at = 0;
  // Four units a turn: with one, most of the time would be the loop's own.
  for (; at + 3 < units; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    high =
      (Math.imul(high, HIGH.four) + Math.imul(a, HIGH.three) + Math.imul(b, HIGH.two) + Math.imul(c, HIGH_BASE) + d) |
      0;
    low = (Math.imul(low, LOW.four) + Math.imul(a, LOW.three) + Math.imul(b, LOW.two) + Math.imul(c, LOW_BASE) + d) | 0;
  }
  for (; at < units; at += 1) {
    high = (Math.imul(high, HIGH_BASE) + text.charCodeAt(at)) | 0;
    low = (Math.imul(low, LOW_BASE) + text.charCodeAt(at)) | 0;
  }
  return { units, high, low, head: headOf(text) };
}

function powersOf(base: number) {
  return { two: power(base, 2), three: power(base, 3), four: power(base, 4) };
}

/** A copy: a slice would keep the whole text in memory. */
function headOf(text: string): string {
  const units = Array.from({ length: Math.min(text.length, HEAD_UNITS) }, (_, at) => text.charCodeAt(at));
  return String.fromCharCode(...units);
}

/** base^exponent modulo 2^32. */
function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let left = exponent; left > 0; left >>>= 1) {
    if (left & 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** Long texts that are remembered with their digests. */
const MOST_REMEMBERED = 128;

/**
 * Digests, with the newest long texts remembered: one text comes by as a command, as an entry, as an answer and as the
 * value before the next one, and comparing two texts costs a fraction of a pass. Keeps at most `MOST_REMEMBERED` texts.
 */
export class Digests {
  readonly #texts: string[] = [];
  readonly #digests: Digest[] = [];
  #next = 0;

  of(text: string): Digest {
    if (text.length <= SHORT_UNITS) return `=${text}`;
    const at = this.#texts.findIndex((one) => looksLike(one, text) && one === text);
    if (at >= 0) return this.#digests[at] as Digest;
    const digest = digestOf(text);
    this.#texts[this.#next] = text;
    this.#digests[this.#next] = digest;
    this.#next = (this.#next + 1) % MOST_REMEMBERED;
    return digest;
  }

  /** Bytes of the texts that are remembered: two a unit. */
  keptBytes(): number {
    return this.#texts.reduce((sum, { length }) => sum + 2 * length, 0);
  }
}

/** Whether it is worth comparing them: texts of one length often begin alike. */
function looksLike(one: string, other: string): boolean {
  const { length } = one;
  if (length !== other.length) return false;
  for (let eighth = 1; eighth <= 8; eighth += 1) {
    const at = Math.floor((length * eighth) / 8) - 1;
    if (one.charCodeAt(at) !== other.charCodeAt(at)) return false;
  }
  return true;
}
