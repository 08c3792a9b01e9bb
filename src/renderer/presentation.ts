/** Marks the document while the page is presented, because the scale of the page also holds for menus and dialogs outside `.app`. */
import './presentation.css';
import { useLayoutEffect } from 'react';
import { useDashboardState } from './store/dashboard-context.ts';

/** Returns true in presentation. */
export function usePresentation(): boolean {
  const isPresenting = useDashboardState((state) => state.isPresenting);
  useLayoutEffect(() => {
    if (!isPresenting) return;
    document.documentElement.dataset.presenting = 'true';
    return () => {
      delete document.documentElement.dataset.presenting;
    };
  }, [isPresenting]);
  return isPresenting;
}
