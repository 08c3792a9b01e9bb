/**
 * The recordings of this computer, newest first. A person can filter, open, continue, name and delete them, and keep only the
 * newest. A long list draws only the visible rows. Flow: listRuns → here → run-row.tsx.
 */
import './runs-dialog.css';
import { useDeferredValue, useMemo, useState } from 'react';
import { Virtuoso } from 'react-virtuoso';
import type { RunSummary } from '../../core/lab-api/index.ts';
import { Dialog } from '../kit/dialog.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { useAskedOnce } from '../store/use-asked.ts';
import { errorText } from '../texts/reasons.ts';
import { KeepNewest } from './keep-newest.tsx';
import { runFacts, runVerdict } from './run-facts.ts';
import { RunRow } from './run-row.tsx';
import { RunsProblem } from './runs-problem.tsx';

/** The dialog. Asks for the list each time it is opened. */
export function RunsDialog() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'runs');
  return (
    <Dialog isOpen={isOpen} title={t('runsList.title')} size="xl">
      {isOpen ? <Runs /> : null}
    </Dialog>
  );
}

function Runs() {
  const { t } = useTranslations();
  const [version, setVersion] = useState(0);
  const runs = useAskedOnce('listRuns', version);
  if (runs === null) return <p className="faint">{t('runsList.loading')}</p>;
  if (!runs.ok) return <p className="problem">{errorText(t, runs.error)}</p>;
  if (runs.value.length === 0) return <p className="faint">{t('runsList.empty')}</p>;
  const again = (): void => setVersion((old) => old + 1);
  return (
    <>
      <FilteredRuns runs={runs.value} onChanged={again} />
      <RunsProblem />
      <KeepNewest onDone={again} />
    </>
  );
}

interface FilteredRunsProps {
  readonly runs: readonly RunSummary[];
  readonly onChanged: () => void;
}

function FilteredRuns({ runs, onChanged }: FilteredRunsProps) {
  const { t, language } = useTranslations();
  const [text, setText] = useState('');
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const wanted = useDeferredValue(text.trim().toLowerCase());
  // Computed once for each list, because ten thousand dates take a tenth of a second.
  const searched = useMemo(
    () =>
      runs.map((run) => ({
        run,
        words: [run.runId, run.title, run.note, runFacts(t, language, run), runVerdict(t, run)].join(' ').toLowerCase(),
      })),
    [runs, t, language],
  );
  // A newer list no longer contains the deleted runs.
  const kept = useMemo(() => searched.filter(({ run }) => !gone.has(run.runId)), [searched, gone]);
  const found = useMemo(() => kept.filter(({ words }) => words.includes(wanted)).map(({ run }) => run), [kept, wanted]);
  return (
    <>
      <p className="runs-tools">
        <input
          type="search"
          className="filter"
          data-testid="runs-filter"
          aria-label={t('runsList.filter')}
          placeholder={t('runsList.filter')}
          title={t('runsList.filter')}
          spellCheck={false}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <span className="faint" data-testid="runs-count">
          {wanted === ''
            ? t('runsList.count', { count: kept.length })
            : t('runsList.found', { count: found.length, all: kept.length })}
        </span>
      </p>
      <RunRows
        runs={found}
        onChanged={onChanged}
        onDeleted={(runId) => setGone((before) => new Set([...before, runId]))}
      />
    </>
  );
}

/** Inline style of the list, since a class would not override the inline height that the list sets. */
const LONG_LIST = { height: 'min(60vh, 560px)' };

/** Maximum number of rows that are all drawn; a longer list draws the visible ones. */
const DRAWN_WHOLE = 60;

interface RunRowsProps extends FilteredRunsProps {
  readonly onDeleted: (runId: string) => void;
}

function RunRows({ runs, onChanged, onDeleted }: RunRowsProps) {
  if (runs.length > DRAWN_WHOLE) {
    return (
      <Virtuoso
        style={LONG_LIST}
        data-testid="runs-long"
        data={runs}
        computeItemKey={(_, run) => run.runId}
        itemContent={(_, run) => <RunRow run={run} onChanged={onChanged} onDeleted={() => onDeleted(run.runId)} />}
      />
    );
  }
  return (
    <ul className="plain-list">
      {runs.map((run) => (
        <li key={run.runId}>
          <RunRow run={run} onChanged={onChanged} onDeleted={() => onDeleted(run.runId)} />
        </li>
      ))}
    </ul>
  );
}
