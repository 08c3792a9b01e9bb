/** The overlay that lists every key. */
import { Modal } from '@mantine/core';
import { useActions, useDashboardState, useWords } from '../store/dashboard-context.ts';
import { KEY_HELP } from './shortcuts.ts';

/** Opened with `?` or from the header. */
export function Help() {
  const { t } = useWords();
  const actions = useActions();
  const isOpen = useDashboardState((state) => state.dialog === 'help');
  return (
    <Modal opened={isOpen} onClose={() => actions.setDialog('none')} title={t('key.title')}>
      <dl className="keys">
        {KEY_HELP.map(({ keys, word }) => (
          <div key={word}>
            <dt>{keys.map((key) => (key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>))}</dt>
            <dd>{t(`key.${word}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
