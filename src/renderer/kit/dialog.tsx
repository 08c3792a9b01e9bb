/** A dialog of the kit with our title and a close button that has a name. Esc and a click outside close it too. */
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useActions, useTranslations } from '../store/dashboard-context.ts';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly size?: 'md' | 'lg' | 'xl' | 'wide';
  readonly children: ReactNode;
}

/** Width of a dialog with two columns, in pixels of the page. */
const WIDE = 928;

/** One of the dialogs that `Dialog` in the store names. */
export function Dialog({ isOpen, title, size = 'md', children }: DialogProps) {
  const { t } = useTranslations();
  const actions = useActions();
  return (
    <Modal
      opened={isOpen}
      onClose={() => actions.setDialog('none')}
      title={title}
      size={size === 'wide' ? WIDE : size}
      closeButtonProps={{ 'aria-label': t('server.close') }}
    >
      {children}
    </Modal>
  );
}
