/** The sentence of an error in a language, for terminals. */
import type { LabError } from '../core/lab-api/index.ts';
import { fillSentence } from '../core/vocabulary/index.ts';

export { fillSentence, plainText } from '../core/vocabulary/index.ts';

/** @param sentences  the sentences of a language by error code */
export function errorSentence(sentences: Readonly<Record<string, string>>, { code, params }: LabError): string {
  return fillSentence(sentences[code] ?? code, params);
}
