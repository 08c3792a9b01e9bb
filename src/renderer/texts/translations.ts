/**
 * The dashboard's translations: one i18next instance over resources/words. Its keys are typed by the files, so a key that does
 * not exist does not compile; tests throw when one is missing at run time.
 */
import i18next, { type i18n as I18n, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, languageFor, TRANSLATIONS, type Translations } from '../../translations/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Translations };
  }
}

export type { Language };
/** Translates a key. */
export type Translate = TFunction<'translation', undefined>;

/**
 * Creates the translations. Both languages are bundled: nothing is loaded later.
 *
 * @param onMissing  called with a key that is in no file; tests throw, the page shows the key itself
 */
export function createTranslations(language: Language, onMissing?: (key: string) => void): I18n {
  const instance = i18next.createInstance();
  instance.use(initReactI18next);
  // All resources are given, so init finishes before it returns and its promise is not needed.
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: TRANSLATIONS.en }, 'zh-CN': { translation: TRANSLATIONS['zh-CN'] } },
    initAsync: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    saveMissing: onMissing !== undefined,
    ...(onMissing === undefined
      ? {}
      : { missingKeyHandler: (_languages: readonly string[], _namespace: string, key: string) => onMissing(key) }),
  });
  instance.services.formatter?.add('plural', pluralForm);
  return instance;
}

/** Maximum number of remembered texts of one language. */
const MOST_REMEMBERED = 2_000;
const remembering = new WeakMap<I18n, Map<string, Translate>>();

/**
 * The translation of the present language, which remembers its latest texts. A live page asks for the same few hundred texts ten
 * times a second, and i18next takes each of them apart again.
 */
export function translateOf(instance: I18n): Translate {
  const byLanguage = remembering.get(instance) ?? new Map<string, Translate>();
  remembering.set(instance, byLanguage);
  const { language } = instance;
  const known = byLanguage.get(language) ?? remembered(instance.getFixedT(language));
  byLanguage.set(language, known);
  return known;
}

function remembered(translate: Translate): Translate {
  const texts = new Map<string, string>();
  const look = (key: string, params?: object): string => {
    const asked = params === undefined ? key : `${key} ${JSON.stringify(params)}`;
    const known = texts.get(asked);
    if (known !== undefined) return known;
    const text = (translate as (key: string, params?: object) => string)(key, params);
    if (texts.size >= MOST_REMEMBERED) texts.clear();
    texts.set(asked, text);
    return text;
  };
  return look as Translate;
}

/** `{{count, plural(one: entry; other: entries)}}`: the form that goes with the number, for more than one number a sentence. */
function pluralForm(value: unknown, _language: string | undefined, forms: Record<string, unknown>): string {
  return String(value === 1 ? forms.one : forms.other);
}

/** The language at the start: the one chosen before, or else Chinese for a Chinese browser, or else English. */
export function firstLanguage(stored: string | null, preferred: readonly string[]): Language {
  if (stored === 'en' || stored === 'zh-CN') return stored;
  return languageFor(preferred);
}
