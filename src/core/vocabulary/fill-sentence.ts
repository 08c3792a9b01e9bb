/** Fills the gaps of a translated sentence, so that no value in it can control a terminal. */

/**
 * Fills the gaps of a sentence: `{{name}}`, and `{{name, plural(one: server; other: servers)}}`, which is replaced by
 * the form for the number. The page fills the same gaps (`renderer/words/words.ts`).
 */
export function fillSentence(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(GAP, (_whole, name: string, one?: string, other?: string) => {
    const value = params[name] ?? '';
    return one === undefined || other === undefined ? plainText(String(value)) : Number(value) === 1 ? one : other;
  });
}

/** Returns the names of the gaps in a sentence, each once. */
export function gapsOf(sentence: string): readonly string[] {
  return [...new Set([...sentence.matchAll(GAP)].map((gap) => gap[1] ?? ''))];
}

const GAP = /\{\{(\w+)(?:, plural\(one: ([^;)]*); other: ([^)]*)\))?\}\}/g;

/**
 * Replaces control characters by visible escapes. They may occur in foreign names, files and errors, and a terminal
 * would obey them.
 */
export function plainText(text: string): string {
  return text.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Control characters except line feed and tab, and characters that change the direction of text. */
const CONTROL = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
