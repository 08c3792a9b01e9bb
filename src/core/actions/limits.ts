/** Bounds that a request must keep; a request beyond one is `bad-request`. The steps of scenarios keep the same bounds. */
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from '../vocabulary/index.ts';

export const LIMITS = {
  servers: 9,
  /** UTF-16 code units, the store's own bounds. */
  keyLength: MAX_KEY_LENGTH,
  valueLength: MAX_VALUE_LENGTH,
  eventPage: 1_000,
  storeItems: 10_000,
  filterItems: 200,
  filterLength: 200,
  /** Random faults in a minute. */
  perMinute: 600,
  /** Seeds have 32 bits. */
  seed: 0xffff_ffff,
  /** UTF-16 code units of a scenario file; as JSON they fit into one frame of the browser door. */
  scenarioLength: 131_072,
  fileNameLength: 255,
  /** A title is one line of the list. */
  titleLength: 120,
  noteLength: 4_000,
} as const;
