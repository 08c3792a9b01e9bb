/** The dialog that changes the timing of the running cluster, opened from the menu of the pace. */
import { Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { type Timing, timingOf } from '../../core/vocabulary/index.ts';
import { Dialog } from '../kit/dialog.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { errorText } from '../texts/reasons.ts';
import { ExperimentFields } from './experiment-fields.tsx';

/** The dialog. It begins with the present timing each time it is opened. */
export function TimingDialog() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'timing');
  return (
    <Dialog isOpen={isOpen} title={t('experiment.liveTitle')} size="lg">
      <TimingForm />
    </Dialog>
  );
}

function TimingForm() {
  const { t } = useTranslations();
  const actions = useActions();
  const settings = useDashboardState((state) => state.view?.settings ?? null);
  const pace = useDashboardState((state) => state.view?.pace ?? 'classroom');
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'pace'));
  const [chosen, setChosen] = useState<Timing | null>(null);
  if (settings === null) return null;
  const timing = chosen ?? timingOf(settings);
  const { checkQuorum } = settings.flags;

  async function apply(): Promise<void> {
    if (await actions.setTiming(timing)) actions.setDialog('none');
  }

  return (
    <Stack gap="md">
      <ExperimentFields
        experiment={{ ...timing, pace, servers: settings.servers.length, checkQuorum }}
        onChange={(next) => setChosen(timingOf(next))}
      />
      <p className="faint">{t('experiment.liveHint')}</p>
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
      <Group justify="flex-end">
        <button type="button" className="quiet" onClick={() => actions.setDialog('none')}>
          {t('newRun.cancel')}
        </button>
        <button type="button" className="filled" data-testid="timing-apply" onClick={() => void apply()}>
          {t('experiment.apply')}
        </button>
      </Group>
    </Stack>
  );
}
