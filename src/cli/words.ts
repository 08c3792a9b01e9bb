/** The texts of the terminal door, in the language of the terminal or of `--lang`, from the same files as the dashboard's texts. */
import en from '../../resources/words/en.json';
import zhCN from '../../resources/words/zh-CN.json';
import type { BothLanguages, LabError } from '../core/lab-api/index.ts';
import { fillSentence, errorSentence as sentenceOf } from '../lab/index.ts';

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
  return (key, params = {}) => fillSentence(sentences[key], params);
}

/** A sentence that the lab gives in both languages. */
export function inLanguage(language: Language, { en: english, zh }: BothLanguages): string {
  return language === 'zh-CN' ? zh : english;
}

/** The sentence of an error of the lab, in this language. */
export function errorSentence(language: Language, error: LabError): string {
  return sentenceOf((language === 'zh-CN' ? zhCN : en).error, error);
}
