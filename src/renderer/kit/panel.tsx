/** The frame of a selection: its title, its tools, and a button that closes it. */
import './panel.css';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useActions, useTranslations } from '../store/dashboard-context.ts';

export interface PanelProps {
  readonly title: string;
  readonly testId: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A selection's panel. */
export function Panel({ title, testId, tools, children }: PanelProps) {
  const { t } = useTranslations();
  const actions = useActions();
  return (
    <section className="selection" aria-label={title} data-testid={testId}>
      <div className="panel-head">
        <h2>{title}</h2>
        <div className="panel-tools">{tools}</div>
        <button
          type="button"
          className="quiet icon"
          aria-label={t('server.close')}
          onClick={() => actions.select({ kind: 'none' })}
        >
          <IconX size={16} aria-hidden="true" />
        </button>
      </div>
      {children}
    </section>
  );
}
