/** The overlay that lists every key. */
import './help.css';
import { Dialog } from '../kit/dialog.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { KEY_HELP } from './shortcuts.ts';

/** Opened with `?` or from the header. */
export function Help() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'help');
  return (
    <Dialog isOpen={isOpen} title={t('key.title')}>
      <dl className="keys">
        {KEY_HELP.map(({ keys, word }) => (
          <div key={word}>
            <dt>{keys.map((key) => (key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>))}</dt>
            <dd>{t(`key.${word}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
