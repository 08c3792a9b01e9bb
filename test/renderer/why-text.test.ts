/** Sentences of *why?* in both languages: every gap is filled, for every reason that some run gives. */
import { expect, test } from 'vitest';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { evidenceText, sourceText, whyText } from '../../src/renderer/why/why-text.ts';
import { LANGUAGES } from '../../src/translations/index.ts';
import { everyReason } from '../core/why/every-reason.ts';

/** Number of reasons with the same code whose sentences are made; their gaps are alike. */
const OF_EACH = 3;

test('why: every reason, in both languages → a sentence without gaps', () => {
  const counts = new Map<string, number>();
  const reasons = everyReason().filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= OF_EACH;
  });
  for (const language of LANGUAGES) {
    const { t } = createTranslations(language, (key) => {
      throw new Error(`there is no text for ${key}`);
    });
    for (const why of reasons) {
      const texts = [whyText(t, why), sourceText(t, why) ?? '', ...why.evidence.map((one) => evidenceText(t, one))];
      for (const text of texts) expect(text, why.code).not.toMatch(/\{\{|undefined|NaN|null/);
    }
  }
});
