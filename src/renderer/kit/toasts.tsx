/**
 * Short confirmations in the stage, above the story, that screen readers announce. Each disappears by itself; one about a kill offers
 * a restart.
 */
import './toasts.css';
import { IconX } from '@tabler/icons-react';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';

/** The newest confirmations. */
export function Toasts() {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const toasts = useDashboardState((state) => state.toasts);
  return (
    <div className="toasts">
      <div className="toasts-list" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <p key={toast.id} className="toast" data-testid="toast">
            <span>{toast.text}</span>
            {toast.restart.length > 0 && canAct ? (
              <button type="button" className="deed" onClick={() => void actions.restart(toast.restart)}>
                {t('toast.restart')}
              </button>
            ) : null}
            {toast.isExport ? (
              <button type="button" className="deed" onClick={() => actions.showExported()}>
                {t('toast.showInFolder')}
              </button>
            ) : null}
            <button
              type="button"
              className="quiet icon"
              aria-label={t('action.dismiss')}
              onClick={() => actions.dismissToast(toast.id)}
            >
              <IconX size={14} aria-hidden="true" />
            </button>
          </p>
        ))}
      </div>
    </div>
  );
}
