/** The dialog for a new run: its cluster on the left, its experiment on the right; each choice has a default. */
import './new-run-dialog.css';
import { Group } from '@mantine/core';
import { useState } from 'react';
import { timingOf } from '../../core/vocabulary/index.ts';
import { ExperimentFields } from '../experiment/experiment-fields.tsx';
import { Choice } from '../kit/choice.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { errorText } from '../texts/reasons.ts';
import { MutantChoice } from './mutant-choice.tsx';
import { choiceOf, drawSeed, experimentOf, firstRun, type NewRun, runLike } from './new-run-choice.ts';
import { SeedField } from './seed-field.tsx';

/** The dialog. Its choices begin anew each time it is opened. */
export function NewRunDialog() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'new-run');
  return (
    <Dialog isOpen={isOpen} title={t('newRun.title')} size="wide">
      <NewRunForm />
    </Dialog>
  );
}

function NewRunForm() {
  const like = useDashboardState((state) => state.runLike);
  const [run, setRun] = useState<NewRun>(() => (like === null ? firstRun(drawSeed()) : runLike(like)));
  const change = (changed: Partial<NewRun>): void => setRun({ ...run, ...changed });
  return (
    <>
      <div className="new-run">
        <div className="new-run-cluster">
          <Choices run={run} onChange={change} />
          <MutantChoice run={run} onChange={change} />
        </div>
        <ExperimentFields experiment={experimentOf(run)} onChange={(timing) => change({ timing: timingOf(timing) })}>
          <SeedField seed={run.seed} isRepeated={run.seed === like?.seed} onChange={(seed) => change({ seed })} />
        </ExperimentFields>
      </div>
      <Foot run={run} />
    </>
  );
}

function Foot({ run }: { readonly run: NewRun }) {
  const { t } = useTranslations();
  const actions = useActions();
  const isLive = useDashboardState((state) => state.mode?.mode === 'live');
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'new-run'));
  const [isStarting, setStarting] = useState(false);

  async function start(): Promise<void> {
    setStarting(true);
    await actions.createRun(choiceOf(run));
    setStarting(false);
  }

  return (
    <Group justify="space-between" mt="md">
      {problem === undefined ? (
        <p className="faint">{isLive ? t('newRun.replaces') : null}</p>
      ) : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
      <Group>
        <button type="button" className="quiet" onClick={() => actions.setDialog('none')}>
          {t('newRun.cancel')}
        </button>
        <button
          type="button"
          className="filled"
          data-testid="new-run-start"
          disabled={isStarting}
          onClick={() => void start()}
        >
          {t('newRun.start')}
        </button>
      </Group>
    </Group>
  );
}

interface ChoicesProps {
  readonly run: NewRun;
  readonly onChange: (change: Partial<NewRun>) => void;
}

function Choices({ run, onChange }: ChoicesProps) {
  const { t } = useTranslations();
  return (
    <>
      <Choice
        label={t('newRun.servers')}
        value={String(run.servers)}
        onChange={(servers) => onChange({ servers: Number(servers) })}
        data={['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((value) => ({ value, label: value }))}
      />
      <Choice<NewRun['pace']>
        label={t('newRun.pace')}
        value={run.pace}
        onChange={(pace) => onChange({ pace })}
        data={[
          { value: 'classroom', label: t('pace.classroom') },
          { value: 'slow-motion', label: t('pace.slow-motion') },
          { value: 'real', label: t('pace.real') },
        ]}
      />
      <Choice<NewRun['preset']>
        label={t('newRun.preset')}
        value={run.preset}
        onChange={(preset) => onChange({ preset, flags: null })}
        data={[
          { value: 'paper', label: t('newRun.presetPaper') },
          { value: 'production', label: t('newRun.presetProduction') },
        ]}
        hint={t('newRun.presetHint')}
      />
      <Choice<NewRun['durability']>
        label={t('newRun.durability')}
        value={run.durability}
        onChange={(durability) => onChange({ durability })}
        data={[
          { value: 'fsync', label: t('newRun.durabilityFsync') },
          { value: 'os-cache', label: t('newRun.durabilityOsCache') },
        ]}
        hint={t('newRun.durabilityHint')}
      />
    </>
  );
}
