/** Bounds of the fields of requests and of steps of scenarios. A request beyond a bound is refused as `bad-request`. */
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from '../vocabulary/index.ts';

export const LIMITS = {
  servers: 9,
  /** Groups of a partition. Nine servers have as many pairs. */
  groups: 36,
  /** UTF-16 code units; the same bounds as the store's. */
  keyLength: MAX_KEY_LENGTH,
  valueLength: MAX_VALUE_LENGTH,
  eventPage: 1_000,
  storeItems: 10_000,
  filterItems: 200,
  filterLength: 200,
  /** Average number of random faults a minute. */
  perMinute: 600,
  /** Seeds have 32 bits. */
  seed: 0xffff_ffff,
  /** UTF-16 code units of a scenario file. As JSON, such a file fits into one frame of the browser door. */
  scenarioLength: 131_072,
  fileNameLength: 255,
  /** UTF-16 code units; a title is one line of the list. */
  titleLength: 120,
  noteLength: 4_000,
} as const;
