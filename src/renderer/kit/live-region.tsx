/** Announces each sentence of the story to screen readers, politely, when it is put on top. */
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { storyText } from '../texts/reasons.ts';

/** The invisible line that screen readers announce. */
export function LiveRegion() {
  const { t } = useTranslations();
  const item = useDashboardState((state) => state.told.lines[0]?.item ?? null);
  return (
    <div className="unseen" aria-live="polite" data-testid="live">
      {/* The key makes another element of each sentence, so that one with the text of the last one is announced too. */}
      {item === null ? null : <p key={item.id}>{storyText(t, item)}</p>}
    </div>
  );
}
