/** The window's own words (menu and dialogs), from the same files as the dashboard's. */
import en from '../../resources/words/en.json';
import zhCN from '../../resources/words/zh-CN.json';
import type { Language } from '../core/lab-api/index.ts';

/** Every word of menu and dialogs, by key. */
export type MenuWords = typeof en.menu;

/** Sentences on recordings that earlier versions kept elsewhere. */
export type EarlierRunsWords = typeof en.earlierRuns;

/** The sentence on a chosen folder that cannot be used. */
export type ChosenFolderWords = typeof en.chosenFolder;

/** Typed by the English file: a missing Chinese word does not compile. */
const WORDS: Readonly<Record<Language, MenuWords>> = { en: en.menu, 'zh-CN': zhCN.menu };

/** The window's words in this language. */
export function wordsIn(language: Language): MenuWords {
  return WORDS[language];
}

/** The sentences on earlier recordings in this language. */
export function earlierRunsWordsIn(language: Language): EarlierRunsWords {
  return (language === 'zh-CN' ? zhCN : en).earlierRuns;
}

/** The sentence on a chosen folder in this language. */
export function chosenFolderWordsIn(language: Language): ChosenFolderWords {
  return (language === 'zh-CN' ? zhCN : en).chosenFolder;
}

/** The first language the person prefers: any Chinese is Simplified Chinese here, all others are English. */
export function languageOf(preferred: readonly string[]): Language {
  return preferred[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
