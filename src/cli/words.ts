/** The terminal program's sentences, in the language of the terminal or of `--lang`. */
import type { BothLanguages, LabError } from '../core/lab-api/index.ts';
// The module is imported directly, because the lab's index would load the whole lab for the help.
import { fillSentence, errorSentence as sentenceOf } from '../lab/error-sentence.ts';
import { type Language, TRANSLATIONS, type Translations } from '../translations/index.ts';

export type { Language };

export type SentenceKey = keyof Translations['terminal'];
export type Say = (key: SentenceKey, params?: Readonly<Record<string, string | number>>) => string;

/** Returns the language of `--lang`; without it the terminal's. */
export function languageOf(args: readonly string[], terminal: Language): Language {
  const at = args.indexOf('--lang');
  const wish = at >= 0 ? args[at + 1] : args.find((word) => word.startsWith('--lang='))?.slice('--lang='.length);
  return wish === 'en' || wish === 'zh-CN' ? wish : terminal;
}

/** Makes the function that returns a sentence of this language with its gaps filled. */
export function createSay(language: Language): Say {
  const sentences: Readonly<Record<SentenceKey, string>> = TRANSLATIONS[language].terminal;
  return (key, params = {}) => fillSentence(sentences[key], params);
}

/** Returns one language of a sentence that the lab gives in both. */
export function inLanguage(language: Language, { en: english, zh }: BothLanguages): string {
  return language === 'zh-CN' ? zh : english;
}

/** Returns the sentence of an error of the lab in this language. */
export function errorSentence(language: Language, error: LabError): string {
  return sentenceOf(TRANSLATIONS[language].error, error);
}
