/** The dialog for a new run: its choices, each with a default. */
import { Group, NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import type { RunChoice } from '../../core/lab-api/index.ts';
import { Choice } from '../kit/choice.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { errorText } from '../texts/reasons.ts';

/** The dialog's initial values: the lab's own defaults, written out. */
const FIRST_CHOICE = { servers: 5, pace: 'classroom', preset: 'paper', durability: 'fsync' } as const;

type Chosen = { readonly [Name in keyof typeof FIRST_CHOICE]: NonNullable<RunChoice[Name]> };

/** The wrong rule for one server; an empty id means none. */
interface ChosenMutant {
  readonly id: string;
  readonly server: number;
}

/** The dialog. */
export function NewRunDialog() {
  const { t } = useTranslations();
  const actions = useActions();
  const isOpen = useDashboardState((state) => state.dialog === 'new-run');
  const isLive = useDashboardState((state) => state.mode?.mode === 'live');
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'new-run'));
  const [chosen, setChosen] = useState<Chosen>(FIRST_CHOICE);
  const [mutant, setMutant] = useState<ChosenMutant>({ id: '', server: 1 });
  const [isStarting, setStarting] = useState(false);

  async function start(): Promise<void> {
    setStarting(true);
    // When the chosen server is missing in the new cluster, the first server runs the rule.
    const server = `S${mutant.server > chosen.servers ? 1 : mutant.server}`;
    await actions.createRun(mutant.id === '' ? chosen : { ...chosen, mutants: { [server]: mutant.id } });
    setStarting(false);
  }

  return (
    <Dialog isOpen={isOpen} title={t('newRun.title')} size="lg">
      <Stack gap="md">
        <Choices chosen={chosen} onChange={(change) => setChosen({ ...chosen, ...change })} />
        <MutantChoice chosen={mutant} servers={chosen.servers} onChange={setMutant} />
        {isLive ? <p className="faint">{t('newRun.replaces')}</p> : null}
        {problem === undefined ? null : (
          <p className="problem" role="alert">
            {errorText(t, problem.error)}
          </p>
        )}
        <Group justify="flex-end">
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
      </Stack>
    </Dialog>
  );
}

interface ChoicesProps {
  readonly chosen: Chosen;
  readonly onChange: (change: Partial<Chosen>) => void;
}

function Choices({ chosen, onChange }: ChoicesProps) {
  const { t } = useTranslations();
  return (
    <>
      <Choice
        label={t('newRun.servers')}
        value={String(chosen.servers)}
        onChange={(servers) => onChange({ servers: Number(servers) })}
        data={['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((value) => ({ value, label: value }))}
      />
      <Choice<Chosen['pace']>
        label={t('newRun.pace')}
        value={chosen.pace}
        onChange={(pace) => onChange({ pace })}
        data={[
          { value: 'classroom', label: t('pace.classroom') },
          { value: 'slow-motion', label: t('pace.slow-motion') },
          { value: 'real', label: t('pace.real') },
        ]}
      />
      <Choice<Chosen['preset']>
        label={t('newRun.preset')}
        value={chosen.preset}
        onChange={(preset) => onChange({ preset })}
        data={[
          { value: 'paper', label: t('newRun.presetPaper') },
          { value: 'production', label: t('newRun.presetProduction') },
        ]}
      />
      <Choice<Chosen['durability']>
        label={t('newRun.durability')}
        value={chosen.durability}
        onChange={(durability) => onChange({ durability })}
        data={[
          { value: 'fsync', label: t('newRun.durabilityFsync') },
          { value: 'os-cache', label: t('newRun.durabilityOsCache') },
        ]}
      />
    </>
  );
}

interface MutantChoiceProps {
  readonly chosen: ChosenMutant;
  readonly servers: number;
  readonly onChange: (chosen: ChosenMutant) => void;
}

/** A wrong version of one rule for one server, which a class has to find or a judge has to detect. */
function MutantChoice({ chosen, servers, onChange }: MutantChoiceProps) {
  const { t } = useTranslations();
  const mutants = Object.entries(t('mutants', { returnObjects: true }));
  return (
    <Group align="end" wrap="nowrap">
      <NativeSelect
        flex={1}
        label={t('newRun.mutant')}
        labelProps={{ className: 'label' }}
        data-testid="new-run-mutant"
        value={chosen.id}
        onChange={({ currentTarget }) => onChange({ ...chosen, id: currentTarget.value })}
        data={[{ value: '', label: t('newRun.noMutant') }, ...mutants.map(([value, what]) => ({ value, label: what }))]}
      />
      {chosen.id === '' ? null : (
        <NativeSelect
          label={t('newRun.mutantOf')}
          labelProps={{ className: 'label' }}
          data-testid="new-run-mutant-server"
          value={String(chosen.server)}
          onChange={({ currentTarget }) => onChange({ ...chosen, server: Number(currentTarget.value) })}
          data={Array.from({ length: servers }, (_, at) => ({ value: String(at + 1), label: `S${at + 1}` }))}
        />
      )}
    </Group>
  );
}
