/** Language and theme of this page: kept in the page's own storage, never sent. */
import type { i18n as I18n } from 'i18next';
import type { SettingsState } from '../../core/lab-api/index.ts';
import { firstLanguage, type Language } from '../texts/translations.ts';

const LANGUAGE_KEY = 'raft-lab.language';

/** The key under which the component kit keeps the theme. */
const THEME_KEY = 'mantine-color-scheme-value';

/**
 * The language at the start. In the window the settings decide, and the page takes the theme from them, too, so that it
 * matches frame and menus.
 */
export function loadLanguage(window: SettingsState | null): Language {
  if (window === null) return firstLanguage(read(LANGUAGE_KEY), [...navigator.languages]);
  const { language, theme } = window.settings;
  write(THEME_KEY, theme === 'system' ? 'auto' : theme);
  // Earlier versions had no settings; the page alone stored a chosen language.
  const chosen = language === 'system' ? chosenLanguage() : language;
  return chosen === 'system' ? window.systemLanguage : chosen;
}

/** The language chosen on this page. */
export function chosenLanguage(): Language | 'system' {
  const stored = read(LANGUAGE_KEY);
  return stored === 'en' || stored === 'zh-CN' ? stored : 'system';
}

/** The language used when the person has not chosen one. */
export function systemLanguage(): Language {
  return firstLanguage(null, [...navigator.languages]);
}

/**
 * Changes the page's language, now and for the next start.
 *
 * @param system  the language that `system` means
 */
export function chooseLanguage(
  translations: Pick<I18n, 'changeLanguage'>,
  language: Language | 'system',
  system: Language = systemLanguage(),
): void {
  write(LANGUAGE_KEY, language);
  void translations.changeLanguage(language === 'system' ? system : language);
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch (error) {
    // Storage may be switched off; the choice then lasts until the page is closed.
    console.warn('nothing is remembered', error);
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
