/** Sentences of the words files for terminals, filled in so that nothing in them acts on the terminal. */
import type { LabError } from '../core/lab-api/index.ts';

/** @param sentences  the words `error.<code>` of a language */
export function errorSentence(sentences: Readonly<Record<string, string>>, { code, params }: LabError): string {
  return fillSentence(sentences[code] ?? code, params);
}

/**
 * Fills in the gaps of a sentence: `{{name}}`, and `{{name, plural(one: server; other: servers)}}`, the form that goes
 * with the number. The page fills in the same forms (`renderer/words/words.ts`).
 */
export function fillSentence(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(GAP, (_whole, name: string, one?: string, other?: string) => {
    const value = params[name] ?? '';
    return one === undefined || other === undefined ? plainText(String(value)) : Number(value) === 1 ? one : other;
  });
}

const GAP = /\{\{(\w+)(?:, plural\(one: ([^;)]*); other: ([^)]*)\))?\}\}/g;

/** Names, files and errors of others may hold escape codes, which a terminal would obey: they are shown instead. */
export function plainText(text: string): string {
  return text.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** All but line feed and tab: control characters, and those that turn the direction of text. */
const CONTROL = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
