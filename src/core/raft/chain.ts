/**
 * The chain is a 64-bit fingerprint of a log up to one entry. Two logs are equal up to an index exactly when their
 * chains at that index are equal, so Log Matching is checked with one comparison. The chain guards against mistakes,
 * not against attackers.
 */
import type { Chain, WireEntry } from '../vocabulary/index.ts';

/** The chain before entry 1. */
export const GENESIS_CHAIN: Chain = '0000000000000000';

/**
 * Computes the chain after `entry` from the chain before it.
 *
 * Two 32-bit lanes start from the previous chain. Each takes in every character of the entry's canonical text with its
 * own odd multiplier and rotation. The lanes are then mixed into each other, so that any change flips about half of the
 * 64 bits.
 *
 * @param previous 16 hexadecimal digits
 * @returns 16 lower-case hexadecimal digits
 */
export function chainOf(previous: Chain, entry: WireEntry): Chain {
  const text = canonicalText(entry);
  let high = Number.parseInt(previous.slice(0, 8), 16) ^ 0x9e3779b9;
  let low = Number.parseInt(previous.slice(8), 16) ^ 0x85ebca6b;
  for (let position = 0; position < text.length; position++) {
    const unit = text.charCodeAt(position);
    high = Math.imul(high ^ unit, 0xcc9e2d51);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ unit, 0x1b873593);
    low = (low << 13) | (low >>> 19);
  }
  high ^= text.length;
  low ^= Math.imul(text.length, 0x27d4eb2f);
  // The lanes are mixed twice, so that neither half of the chain depends on one lane alone.
  high = finalise((high + low) | 0);
  low = finalise((low + high) | 0);
  high = (high + low) | 0;
  return hex(high) + hex(low);
}

/** Returns all fields that the chain covers, in one fixed order. JSON keeps the fields apart from each other. */
function canonicalText(entry: WireEntry): string {
  return entry.type === 'command'
    ? JSON.stringify([entry.term, entry.index, entry.type, entry.session, entry.sequence, entry.command])
    : JSON.stringify([entry.term, entry.index, entry.type]);
}

/** Spreads every bit of a 32-bit word over all of it (the finishing step of the Murmur3 family). */
function finalise(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
