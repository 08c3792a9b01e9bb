/** Asks before a live run that has been used is closed for another one. */
import { Group, Modal } from '@mantine/core';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';

/** The question. Renders nothing while no question is open. */
export function EndRunQuestion() {
  const { t } = useTranslations();
  const question = useDashboardState((state) => state.question);
  if (question === null) return null;
  return (
    <Modal
      opened
      onClose={() => question.answer(false)}
      title={t('endRun.title')}
      closeButtonProps={{ 'aria-label': t('endRun.keep') }}
      zIndex={300}
    >
      <p>{t('endRun.text', { runId: question.runId })}</p>
      <Group justify="flex-end" mt="md">
        <button
          type="button"
          className="quiet"
          data-autofocus
          data-testid="end-run-keep"
          onClick={() => question.answer(false)}
        >
          {t('endRun.keep')}
        </button>
        <button type="button" className="filled" data-testid="end-run-close" onClick={() => question.answer(true)}>
          {t('endRun.close')}
        </button>
      </Group>
    </Modal>
  );
}
