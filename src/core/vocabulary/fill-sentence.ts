/** Fills the gaps of a translated sentence, so that nothing in it acts on a terminal. */

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

/** Names of the gaps of a sentence, without doubles. */
export function gapsOf(sentence: string): readonly string[] {
  return [...new Set([...sentence.matchAll(GAP)].map((gap) => gap[1] ?? ''))];
}

const GAP = /\{\{(\w+)(?:, plural\(one: ([^;)]*); other: ([^)]*)\))?\}\}/g;

/** Shows escape codes in names, files and errors of others, which a terminal would obey. */
export function plainText(text: string): string {
  return text.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** All but line feed and tab: control characters, and those that turn the direction of text. */
const CONTROL = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
