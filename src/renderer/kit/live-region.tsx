/** Announces the leader to screen readers, politely and at most once in two seconds. */
import { useEffect, useRef, useState } from 'react';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';

const SPEAK_EVERY_MS = 2000;

/** The invisible line that screen readers announce. */
export function LiveRegion() {
  const { t } = useTranslations();
  const server = useDashboardState((state) => state.view?.leader?.server ?? null);
  const term = useDashboardState((state) => state.view?.leader?.term ?? 0);
  const hasView = useDashboardState((state) => state.view !== null && Object.keys(state.view.servers).length > 0);
  const wanted = !hasView ? '' : server === null ? t('live.noLeader') : t('live.leader', { server, term });
  const [said, setSaid] = useState('');
  const lastMs = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    if (wanted === said) return;
    const timer = setTimeout(
      () => {
        lastMs.current = performance.now();
        setSaid(wanted);
      },
      Math.max(0, lastMs.current + SPEAK_EVERY_MS - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [wanted, said]);

  return (
    <p className="unseen" aria-live="polite" data-testid="live">
      {said}
    </p>
  );
}
