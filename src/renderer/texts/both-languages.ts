/** Chooses the current language of a sentence that the trace carries in both languages. */
import type { BothLanguages } from '../../core/trace/index.ts';
import type { Translate } from './translations.ts';

export function inLanguage(t: Translate, says: BothLanguages): string {
  return t('scenario.language') === 'zh' ? says.zh : says.en;
}
