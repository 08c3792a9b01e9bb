/** What the terminal door says, in the language of the terminal or of `--lang`, from the same files as the dashboard's words. */
import en from '../../resources/words/en.json';
import zhCN from '../../resources/words/zh-CN.json';
import type { BothLanguages, LabError } from '../core/lab-api/index.ts';

export type SentenceKey = keyof typeof en.terminal;
export type Language = 'en' | 'zh-CN';
export type Say = (key: SentenceKey, params?: Readonly<Record<string, string | number>>) => string;

/** `--lang`, else the terminal's. */
export function languageOf(args: readonly string[], terminal: Language): Language {
  const at = args.indexOf('--lang');
  const wish = at >= 0 ? args[at + 1] : args.find((word) => word.startsWith('--lang='))?.slice('--lang='.length);
  return wish === 'en' || wish === 'zh-CN' ? wish : terminal;
}

/** Sentences of this language, filled in. */
export function createSay(language: Language): Say {
  const sentences: Readonly<Record<SentenceKey, string>> = (language === 'zh-CN' ? zhCN : en).terminal;
  return (key, params = {}) => filled(sentences[key], params);
}

/** A sentence that the lab gives in both languages. */
export function inLanguage(language: Language, { en: english, zh }: BothLanguages): string {
  return language === 'zh-CN' ? zh : english;
}

/** The sentence of an error of the lab, in this language. */
export function errorSentence(language: Language, { code, params }: LabError): string {
  const sentences: Readonly<Record<string, string>> = (language === 'zh-CN' ? zhCN : en).error;
  return filled(sentences[code] ?? code, params);
}

/**
 * Fills in the gaps of a sentence: `{{name}}`, and `{{name, plural(one: server; other: servers)}}`, the form that goes
 * with the number. The page fills in the same forms (`renderer/words/words.ts`).
 */
function filled(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replace(GAP, (_whole, name: string, one?: string, other?: string) => {
    const value = params[name] ?? '';
    return one === undefined || other === undefined ? plain(String(value)) : Number(value) === 1 ? one : other;
  });
}

const GAP = /\{\{(\w+)(?:, plural\(one: ([^;)]*); other: ([^)]*)\))?\}\}/g;

/** Names, files and errors of others may hold escape codes, which a terminal would obey: they are shown instead. */
export function plain(text: string): string {
  return text.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** All but line feed and tab: control characters, and those that turn the direction of text. */
const CONTROL = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
