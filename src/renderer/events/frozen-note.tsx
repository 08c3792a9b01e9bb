/** The note beside the events while the view is frozen, with the number of waiting events. It stands in the page's flow and covers no event. */
import './frozen-note.css';
import { IconPlayerPause } from '@tabler/icons-react';
import { useActions, useDashboardState, useWords } from '../store/dashboard-context.ts';

/** Reports that the view is frozen, and whether the cluster behind it runs on. Renders nothing while it is not. */
export function FrozenNote() {
  const { t } = useWords();
  const actions = useActions();
  const isFrozen = useDashboardState((state) => state.frozen);
  const isOpen = useDashboardState((state) => state.connection === 'open');
  const hasEnded = useDashboardState((state) => state.hasEnded);
  const waiting = useDashboardState((state) => state.waiting);
  if (!isFrozen) return null;
  return (
    <p className="toast frozen" data-testid="banner-frozen">
      <IconPlayerPause size={16} aria-hidden="true" />
      <span>{isOpen ? t(hasEnded ? 'banner.frozenEnded' : 'banner.frozen') : t('banner.frozenLost')}</span>
      <span className="faint numbers">{t('banner.waiting', { count: waiting })}</span>
      <button type="button" className="quiet" onClick={() => actions.toggleFrozen()}>
        {t('banner.resume')} <kbd>Space</kbd>
      </button>
    </p>
  );
}
