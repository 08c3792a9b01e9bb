/** The overlay that lists every key. */
import './help.css';
import { Dialog } from '../kit/dialog.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { KEY_NAMES, KEYS } from './key-table.ts';

/** The overlay. `?` or the header opens it. */
export function Help() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'help');
  return (
    <Dialog isOpen={isOpen} title={t('key.title')}>
      <dl className="keys">
        {KEY_NAMES.map((name) => (
          <div key={name}>
            <dt>
              {KEYS[name].printed.map((key) => (key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>))}
            </dt>
            <dd>{t(`key.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
