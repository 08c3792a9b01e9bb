/** A wrong command line, with the sentence about it. The program then ends with exit code 2. */
import type { SentenceKey } from './words.ts';

/** Values for the gaps of a sentence. */
export type SentenceParams = Readonly<Record<string, string | number>>;

/** Thrown while a command line is read, and by a command that compares its arguments with each other or with files. */
export class WrongArgs extends Error {
  override readonly name = 'WrongArgs';
  readonly key: SentenceKey;
  readonly params: SentenceParams;

  constructor(key: SentenceKey, params: SentenceParams = {}) {
    super(key);
    this.key = key;
    this.params = params;
  }
}
