/** A recorded run in the list: its name, facts, note and actions. */
import './run-row.css';
import { useState } from 'react';
import { flawInWords, LIMITS, type RunSummary } from '../../core/lab-api/index.ts';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import { inLanguage } from '../texts/both-languages.ts';
import { runFacts, runVerdict } from './run-facts.ts';

export interface RunRowProps {
  readonly run: RunSummary;
  /** Called when the listed facts are out of date. */
  readonly onChanged: () => void;
  readonly onDeleted: () => void;
}

/** One row. Only a bad verdict is red. */
export function RunRow({ run, onChanged, onDeleted }: RunRowProps) {
  const { t, language } = useTranslations();
  const actions = useActions();
  const [isEditing, setEditing] = useState(false);
  const verdict = runVerdict(t, run);
  const isBad = run.verdict === 'violated' || (run.verdict === 'damaged' && run.ok);
  return (
    <div className="run-row" data-run={run.runId}>
      <div className="run-text">
        <span className={run.title === '' ? 'mono' : ''}>{run.title === '' ? run.runId : run.title}</span>
        {run.title === '' ? null : <span className="faint mono">{run.runId}</span>}
        <span className={run.ok || run.isUnfinished ? 'faint' : 'problem'}>
          {runFacts(t, language, run)}
          {verdict === '' ? null : ' · '}
          <span className={isBad ? 'problem' : ''}>{verdict}</span>
        </span>
        {run.flaw === undefined ? null : <span className="faint">{inLanguage(t, flawInWords(run.flaw))}</span>}
        {run.note === '' || isEditing ? null : <span className="run-note">{run.note}</span>}
      </div>
      <span className="run-buttons">
        {run.live ? null : <OpenButtons run={run} />}
        {run.ok ? (
          <button
            type="button"
            className="quiet"
            data-testid={`again-${run.runId}`}
            onClick={() => actions.newRunLike(run.settings)}
          >
            {t('experiment.again')}
          </button>
        ) : null}
        {run.ok ? (
          <button
            type="button"
            className="quiet"
            data-testid={`edit-${run.runId}`}
            aria-expanded={isEditing}
            onClick={() => setEditing(!isEditing)}
          >
            {t('runsList.edit')}
          </button>
        ) : null}
        {run.live ? null : <DeleteButton run={run} onDeleted={onDeleted} />}
      </span>
      {isEditing ? (
        <LabelForm
          run={run}
          onChanged={() => {
            setEditing(false);
            onChanged();
          }}
        />
      ) : null}
    </div>
  );
}

function OpenButtons({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslations();
  const actions = useActions();
  const isReadable = run.ok && !run.isUnfinished;
  return (
    <>
      <button
        type="button"
        className="quiet"
        data-testid={`open-${run.runId}`}
        disabled={!isReadable}
        onClick={() => void actions.openRun(run.runId)}
      >
        {t('runsList.open')}
      </button>
      <button
        type="button"
        className="quiet"
        data-testid={`continue-${run.runId}`}
        disabled={!isReadable}
        onClick={() => void actions.continueRun(run.runId)}
      >
        {t('runsList.continue')}
      </button>
    </>
  );
}

/** A button that asks for confirmation: the first press changes its text, and moving the focus away restores it. */
function DeleteButton({ run, onDeleted }: Omit<RunRowProps, 'onChanged'>) {
  const { t } = useTranslations();
  const actions = useActions();
  const [isAsked, setAsked] = useState(false);

  async function remove(): Promise<void> {
    if (!isAsked) return setAsked(true);
    if (await actions.deleteRun(run.runId)) onDeleted();
    else setAsked(false);
  }

  return (
    <button
      type="button"
      className="quiet"
      data-testid={`delete-${run.runId}`}
      onClick={() => void remove()}
      onBlur={() => setAsked(false)}
    >
      {t(isAsked ? 'runsList.deleteSurely' : 'runsList.delete')}
    </button>
  );
}

/** The form for title and note; an empty value removes it. */
function LabelForm({ run, onChanged }: Omit<RunRowProps, 'onDeleted'>) {
  const { t } = useTranslations();
  const actions = useActions();
  const [title, setTitle] = useState(run.title);
  const [note, setNote] = useState(run.note);

  async function save(): Promise<void> {
    if (await actions.labelRun(run.runId, { title: title.trim(), note: note.trim() })) onChanged();
  }

  return (
    <form
      className="run-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        <span className="label">{t('runsList.runTitle')}</span>
        <input
          className="filter"
          data-testid={`title-${run.runId}`}
          maxLength={LIMITS.titleLength}
          value={title}
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        />
      </label>
      <label>
        <span className="label">{t('runsList.note')}</span>
        <textarea
          className="filter"
          data-testid={`note-${run.runId}`}
          maxLength={LIMITS.noteLength}
          rows={3}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </label>
      <button type="submit" className="filled" data-testid={`save-${run.runId}`}>
        {t('runsList.save')}
      </button>
    </form>
  );
}
