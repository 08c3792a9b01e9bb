/** What a person chose for this screen and wants to find again: kept in the page's own storage, never sent. */
import type { i18n as I18n } from 'i18next';
import { firstLanguage, type Language } from '../words/words.ts';

const LANGUAGE_KEY = 'raft-lab.language';

/** The language to begin with. */
export function loadLanguage(): Language {
  return firstLanguage(read(LANGUAGE_KEY), navigator.languages ?? [navigator.language]);
}

/** Changes the page's language now and for the next time. */
export function chooseLanguage(words: Pick<I18n, 'changeLanguage'>, language: Language): void {
  saveLanguage(language);
  void words.changeLanguage(language);
}

/** Remembers a chosen language. */
function saveLanguage(language: Language): void {
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch (error) {
    // Storage may be switched off; the choice then lasts until the page is closed.
    console.warn('the language is not remembered', error);
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch (error) {
    console.warn('nothing is remembered', error);
    return null;
  }
}
