/** The frame of a face: its title, what stands beside the title, and a button that closes the face. Each face uses it. */
import './face.css';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import type { FaceName } from '../store/dashboard-store.ts';

export interface FaceProps {
  readonly name: FaceName;
  /** Stands beside the title, in one line. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A face of the side. */
export function Face({ name, tools, children }: FaceProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const title = t(`faceTitle.${name}`);
  return (
    <section className="face" aria-label={title} data-testid={`face-${name}`}>
      <div className="face-head">
        <h2>{title}</h2>
        <div className="face-tools">{tools}</div>
        <button
          type="button"
          className="quiet icon"
          data-testid="face-close"
          aria-label={t('face.close')}
          onClick={() => actions.showFace('selection')}
        >
          <IconX size={16} aria-hidden="true" />
        </button>
      </div>
      {children}
    </section>
  );
}
