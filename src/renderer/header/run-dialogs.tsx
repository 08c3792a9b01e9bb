/** The two dialogs about runs: choices for a new one, and the list of recordings to open. */
import { Group, NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import type { RunChoice, RunSummary } from '../../core/lab-api/index.ts';
import { Choice } from '../kit/choice.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useAskedOnce } from '../side/use-asked.ts';
import { RunsProblem } from '../stage/stage.tsx';
import { useActions, useDashboardState, useWords } from '../store/dashboard-context.ts';
import { formatBytes } from '../words/format.ts';
import { errorText } from '../words/reasons.ts';

/** What the dialog begins with: the lab's own defaults, written out. */
const FIRST_CHOICE = { servers: 5, pace: 'classroom', preset: 'paper', durability: 'fsync' } as const;

type Chosen = { readonly [Name in keyof typeof FIRST_CHOICE]: NonNullable<RunChoice[Name]> };

/** The wrong rule one server is to run; an empty id: none. */
interface ChosenMutant {
  readonly id: string;
  readonly server: number;
}

/** Choices for a new run; everything has a default. */
export function NewRunDialog() {
  const { t } = useWords();
  const actions = useActions();
  const isOpen = useDashboardState((state) => state.dialog === 'new-run');
  const isLive = useDashboardState((state) => state.mode?.mode === 'live');
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'new-run'));
  const [chosen, setChosen] = useState<Chosen>(FIRST_CHOICE);
  const [mutant, setMutant] = useState<ChosenMutant>({ id: '', server: 1 });
  const [isStarting, setStarting] = useState(false);

  async function start(): Promise<void> {
    setStarting(true);
    // A server that the cluster no longer has after all: the first one runs the rule.
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
  const { t } = useWords();
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

/** A wrong version of one rule for one server: what a class is to find out, or what a judge is to catch. */
function MutantChoice({ chosen, servers, onChange }: MutantChoiceProps) {
  const { t } = useWords();
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

/** Runs on this computer, newest first, to be opened as a recording. */
export function RunsDialog() {
  const { t } = useWords();
  const isOpen = useDashboardState((state) => state.dialog === 'runs');
  return (
    <Dialog isOpen={isOpen} title={t('runsList.title')} size="xl">
      {isOpen ? <RunsList /> : null}
    </Dialog>
  );
}

function RunsList() {
  const { t } = useWords();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const isLive = useDashboardState((state) => state.mode?.mode === 'live');
  const runs = useAskedOnce('listRuns');
  if (runs === null) return <p className="faint">{t('runsList.loading')}</p>;
  if (!runs.ok) return <p className="problem">{errorText(t, runs.error)}</p>;
  if (runs.value.length === 0) return <p className="faint">{t('runsList.empty')}</p>;
  return (
    <>
      {isLive ? <p className="faint">{t('newRun.replaces')}</p> : null}
      <ul className="runs">
        {runs.value
          .filter(({ runId }) => !gone.has(runId))
          .map((run) => (
            <RunRow key={run.runId} run={run} onDeleted={() => setGone(new Set([...gone, run.runId]))} />
          ))}
      </ul>
      <RunsProblem />
    </>
  );
}

interface RunRowProps {
  readonly run: RunSummary;
  readonly onDeleted: () => void;
}

function RunRow({ run, onDeleted }: RunRowProps) {
  const { t, language } = useWords();
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

  function factsOf({
    ok,
    problem,
    isUnfinished,
    startedAt,
    scenario,
    settings,
    bytes,
    verdict,
    live,
  }: RunSummary): string {
    if (isUnfinished) return t('runsList.unfinished');
    if (!ok) return problem;
    const servers = t('runsList.servers', { count: settings.servers.length });
    const facts = [dates.format(new Date(startedAt)), scenario, servers, formatBytes(bytes)];
    return [...facts, live ? null : t(`runsList.verdict.${verdict}`)].filter((one) => one !== null).join(' · ');
  }

  return (
    <li>
      <span className="mono">{run.runId}</span>
      <span className="faint">{factsOf(run)}</span>
      {run.live ? <span className="faint">{t('runsList.live')}</span> : <RunButtons run={run} onDeleted={onDeleted} />}
    </li>
  );
}

/** Open, continue, and delete, which asks once: the first press changes the button's words, leaving it takes that back. */
function RunButtons({ run, onDeleted }: RunRowProps) {
  const { t } = useWords();
  const actions = useActions();
  const [isAsked, setAsked] = useState(false);

  async function remove(): Promise<void> {
    if (!isAsked) return setAsked(true);
    if (await actions.deleteRun(run.runId)) onDeleted();
    else setAsked(false);
  }

  return (
    <Group gap="xs" wrap="nowrap">
      <button type="button" className="quiet" disabled={!run.ok} onClick={() => void actions.openRun(run.runId)}>
        {t('runsList.open')}
      </button>
      <button
        type="button"
        className="quiet"
        data-testid={`continue-${run.runId}`}
        disabled={!run.ok}
        onClick={() => void actions.continueRun(run.runId)}
      >
        {t('runsList.continue')}
      </button>
      <button
        type="button"
        className="quiet"
        data-testid={`delete-${run.runId}`}
        onClick={() => void remove()}
        onBlur={() => setAsked(false)}
      >
        {t(isAsked ? 'runsList.deleteSurely' : 'runsList.delete')}
      </button>
    </Group>
  );
}
