/** Sentences that come with the trace in both languages: the one of the words that are shown. */
import type { BothLanguages } from '../../core/trace/index.ts';
import type { Translate } from './translations.ts';

export function inLanguage(t: Translate, says: BothLanguages): string {
  return t('scenario.language') === 'zh' ? says.zh : says.en;
}
