/**
 * Digests stand for texts in the memory of the judges. The digest of a short text is the text itself. The digest of a
 * long text is its length, a 64-bit hash and its first units. Two texts have the same digest exactly when they are
 * equal (but for a chance of about 2^-64). The digest of two joined texts follows from their digests, so a judge can
 * append to a text that it does not keep.
 */
import { type CopyAscii, hashOf, hashText, joinedHash, parsedHash, type TextHash } from './text-hash.ts';

/** The digest of a text. Compare digests with `===`. */
export type Digest = string;

/** Longest text that is kept whole, in UTF-16 code units. */
export const SHORT_UNITS = 64;
/** Number of units of a long text that are kept for people to read. */
const HEAD_UNITS = 40;

interface Parts {
  readonly hash: TextHash;
  readonly head: string;
}

/** Returns the digest of any text. Costs one pass over a long text; `Digests` saves the pass for a repeated text. */
export function digestOf(text: string, copyAscii: CopyAscii | null = null): Digest {
  return text.length <= SHORT_UNITS ? `=${text}` : longDigest(partsOf(text, copyAscii));
}

/** Returns the digest of the first text followed by the second. */
export function joined(first: Digest, second: Digest): Digest {
  const [one, other] = [shortText(first), shortText(second)];
  if (one !== null && other !== null) return digestOf(one + other);
  const a = one === null ? parsed(first) : partsOf(one);
  const b = other === null ? parsed(second) : partsOf(other);
  return longDigest({ hash: joinedHash(a.hash, b.hash), head: (a.head + b.head).slice(0, HEAD_UNITS) });
}

/** Length of the text, in UTF-16 code units. */
export function unitsOf(digest: Digest): number {
  return shortText(digest)?.length ?? parsed(digest).hash.units;
}

/** The text for people: whole in quotes, or its first units with its length and hash. Different texts differ. */
export function shown(digest: Digest): string {
  const short = shortText(digest);
  if (short !== null) return JSON.stringify(short);
  const { hash, head } = parsed(digest);
  return `${JSON.stringify(`${head}…`)} (${hash.units} units, hash ${hashText(hash)})`;
}

function shortText(digest: Digest): string | null {
  return digest.startsWith('=') ? digest.slice(1) : null;
}

function longDigest({ hash, head }: Parts): Digest {
  return `#${hashText(hash)}${hash.units}:${head}`;
}

function parsed(digest: Digest): Parts {
  const colon = digest.indexOf(':');
  return { hash: parsedHash(digest.slice(1, 17), Number(digest.slice(17, colon))), head: digest.slice(colon + 1) };
}

function partsOf(text: string, copyAscii: CopyAscii | null = null): Parts {
  return { hash: hashOf(text, copyAscii), head: headOf(text) };
}

/** Copies the first units, because a slice would keep the whole text in memory. */
function headOf(text: string): string {
  const units: number[] = [];
  for (let at = 0; at < Math.min(text.length, HEAD_UNITS); at += 1) units.push(text.charCodeAt(at));
  return String.fromCharCode(...units);
}

/** Maximum number of long texts that are remembered with their digests. */
const MOST_REMEMBERED = 128;

/**
 * Digests that remember the newest long texts, at most `MOST_REMEMBERED`. One text occurs as a command, as an entry, as
 * an answer and as the previous value of the next answer. Comparing two texts costs a fraction of a hashing pass.
 */
export class Digests {
  readonly #texts: string[] = [];
  readonly #digests: Digest[] = [];
  readonly #samples: number[] = [];
  readonly #copyAscii: CopyAscii | null;
  #next = 0;
  /** The last two texts that were digested, because an answer has a new and a previous value. */
  #recent: readonly { readonly text: string; readonly digest: Digest }[] = [];

  /** @param copyAscii  makes hashing long texts cheaper; digests are the same without it */
  constructor(copyAscii: CopyAscii | null = null) {
    this.#copyAscii = copyAscii;
  }

  of(text: string): Digest {
    if (text.length <= SHORT_UNITS) return `=${text}`;
    for (const recent of this.#recent) if (recent.text === text) return recent.digest;
    const digest = this.#remembered(text);
    // Keeps the newest copy: two judges pass the same copy, and comparing a string with itself costs nothing.
    this.#recent = [{ text, digest }, ...this.#recent.slice(0, 1)];
    return digest;
  }

  #remembered(text: string): Digest {
    const sample = sampleOf(text);
    for (let at = this.#samples.indexOf(sample); at >= 0; at = this.#samples.indexOf(sample, at + 1)) {
      if (this.#texts[at] === text) return this.#digests[at] as Digest;
    }
    const digest = digestOf(text, this.#copyAscii);
    this.#texts[this.#next] = text;
    this.#digests[this.#next] = digest;
    this.#samples[this.#next] = sample;
    this.#next = (this.#next + 1) % MOST_REMEMBERED;
    return digest;
  }

  /** Bytes of the kept texts, two for each UTF-16 unit. */
  keptBytes(): number {
    const texts = [...this.#texts, ...this.#recent.map(({ text }) => text)];
    return texts.reduce((sum, { length }) => sum + 2 * length, 0);
  }
}

/** Samples the length and eight units spread over the text, because texts of one length often begin alike. */
function sampleOf(text: string): number {
  const { length } = text;
  let sample = length;
  for (let eighth = 1; eighth <= 8; eighth += 1) {
    sample = (Math.imul(sample, 31) + text.charCodeAt(Math.floor((length * eighth) / 8) - 1)) | 0;
  }
  return sample;
}
