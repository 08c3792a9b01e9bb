/** The wrong rule of a new run, chosen by its sentence, for one server or for all. */
import { Group, NativeSelect } from '@mantine/core';
import { useTranslations } from '../store/dashboard-context.ts';
import type { NewRun } from './new-run-choice.ts';

export interface MutantChoiceProps {
  readonly run: NewRun;
  readonly onChange: (change: Pick<NewRun, 'mutant'> | Pick<NewRun, 'mutantOf'>) => void;
}

/** A wrong version of one rule, which a class has to find or a judge has to detect. */
export function MutantChoice({ run, onChange }: MutantChoiceProps) {
  const { t } = useTranslations();
  const mutants = Object.entries(t('mutants', { returnObjects: true }));
  const servers = Array.from({ length: run.servers }, (_, at) => ({ value: String(at + 1), label: `S${at + 1}` }));
  return (
    <Group align="end" wrap="nowrap">
      <NativeSelect
        flex={1}
        miw={0}
        label={t('newRun.mutant')}
        labelProps={{ className: 'label' }}
        data-testid="new-run-mutant"
        value={run.mutant}
        onChange={({ currentTarget }) => onChange({ mutant: currentTarget.value })}
        data={[{ value: '', label: t('newRun.noMutant') }, ...mutants.map(([value, label]) => ({ value, label }))]}
      />
      {run.mutant === '' ? null : (
        <NativeSelect
          label={t('newRun.mutantOf')}
          labelProps={{ className: 'label' }}
          data-testid="new-run-mutant-server"
          value={String(run.mutantOf > run.servers ? 1 : run.mutantOf)}
          onChange={({ currentTarget }) => onChange({ mutantOf: Number(currentTarget.value) })}
          data={[{ value: '0', label: t('newRun.mutantOfAll') }, ...servers]}
        />
      )}
    </Group>
  );
}
