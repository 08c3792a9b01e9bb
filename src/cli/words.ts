/** The texts of the terminal door, in the language of the terminal or of `--lang`, from the same files as the dashboard's texts. */
import type { BothLanguages, LabError } from '../core/lab-api/index.ts';
// Not over the lab's index: the help would load the whole lab.
import { fillSentence, errorSentence as sentenceOf } from '../lab/error-sentence.ts';
import { type Language, TRANSLATIONS, type Translations } from '../translations/index.ts';

export type { Language };

export type SentenceKey = keyof Translations['terminal'];
export type Say = (key: SentenceKey, params?: Readonly<Record<string, string | number>>) => string;

/** `--lang`, else the terminal's. */
export function languageOf(args: readonly string[], terminal: Language): Language {
  const at = args.indexOf('--lang');
  const wish = at >= 0 ? args[at + 1] : args.find((word) => word.startsWith('--lang='))?.slice('--lang='.length);
  return wish === 'en' || wish === 'zh-CN' ? wish : terminal;
}

/** Sentences of this language, filled in. */
export function createSay(language: Language): Say {
  const sentences: Readonly<Record<SentenceKey, string>> = TRANSLATIONS[language].terminal;
  return (key, params = {}) => fillSentence(sentences[key], params);
}

/** A sentence that the lab gives in both languages. */
export function inLanguage(language: Language, { en: english, zh }: BothLanguages): string {
  return language === 'zh-CN' ? zh : english;
}

/** The sentence of an error of the lab, in this language. */
export function errorSentence(language: Language, error: LabError): string {
  return sentenceOf(TRANSLATIONS[language].error, error);
}
