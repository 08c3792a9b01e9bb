/** The note beside the events while the view is paused, with the number of waiting events. It covers no event. */
import './paused-note.css';
import { IconPlayerPause } from '@tabler/icons-react';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';

/** Shows that the view is paused, and whether the cluster keeps running. Renders nothing while the view is not paused. */
export function PausedNote() {
  const { t } = useTranslations();
  const actions = useActions();
  const isPaused = useDashboardState((state) => state.isPaused);
  const isOpen = useDashboardState((state) => state.connection === 'open');
  const hasEnded = useDashboardState((state) => state.hasEnded);
  const waiting = useDashboardState((state) => state.waiting);
  if (!isPaused) return null;
  return (
    <p className="toast paused" data-testid="banner-frozen">
      <IconPlayerPause size={16} aria-hidden="true" />
      <span>{isOpen ? t(hasEnded ? 'banner.frozenEnded' : 'banner.frozen') : t('banner.frozenLost')}</span>
      <span className="faint numbers">{t('banner.waiting', { count: waiting })}</span>
      <button type="button" className="quiet" onClick={() => actions.togglePauseView()}>
        {t('banner.resume')} <kbd>Space</kbd>
      </button>
    </p>
  );
}
