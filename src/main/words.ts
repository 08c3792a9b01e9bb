/** The window's own words (menu and dialogs), from the same files as the dashboard's. */
import type { Language } from '../core/lab-api/index.ts';
import { TRANSLATIONS, type Translations } from '../translations/index.ts';

/** Every word of menu and dialogs, by key. */
export type MenuWords = Translations['menu'];

/** Sentences on recordings that earlier versions kept elsewhere. */
export type EarlierRunsWords = Translations['earlierRuns'];

/** The sentence on a chosen folder that cannot be used. */
export type ChosenFolderWords = Translations['chosenFolder'];

/** The window's words in this language. */
export function wordsIn(language: Language): MenuWords {
  return TRANSLATIONS[language].menu;
}

/** The sentences on earlier recordings in this language. */
export function earlierRunsWordsIn(language: Language): EarlierRunsWords {
  return TRANSLATIONS[language].earlierRuns;
}

/** The sentence on a chosen folder in this language. */
export function chosenFolderWordsIn(language: Language): ChosenFolderWords {
  return TRANSLATIONS[language].chosenFolder;
}
