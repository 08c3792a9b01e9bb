/** Deletes all but the newest recordings: first it shows their number and size, and it deletes them after a confirmation. */
import './keep-newest.css';
import { useState } from 'react';
import type { KeptRuns } from '../../core/lab-api/index.ts';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import { formatBytes } from '../texts/format.ts';

/** @param props.onDone  called when recordings were deleted */
export function KeepNewest({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslations();
  const actions = useActions();
  const [newest, setNewest] = useState(20);
  const [found, setFound] = useState<KeptRuns | null>(null);

  async function look(): Promise<void> {
    setFound(await actions.keepRuns(newest));
  }

  async function remove(agreed: KeptRuns): Promise<void> {
    setFound(await actions.keepRuns(newest, agreed));
    onDone();
  }

  return (
    <div className="runs-keep">
      <label>
        {t('runsList.keepNewest')}{' '}
        <input
          type="number"
          className="filter"
          data-testid="keep-newest"
          min={0}
          max={9_999}
          value={newest}
          onChange={({ currentTarget }) => {
            setNewest(Math.max(0, Math.trunc(currentTarget.valueAsNumber) || 0));
            setFound(null);
          }}
        />
      </label>
      {found === null || found.isDone ? (
        <button type="button" className="quiet" data-testid="keep-look" onClick={() => void look()}>
          {t('runsList.keepLook')}
        </button>
      ) : null}
      {found === null ? <span className="faint">{t('runsList.keepHint')}</span> : null}
      {found === null ? null : <span data-testid="keep-found">{foundText(t, found)}</span>}
      {found === null || found.isDone || found.count === 0 ? null : (
        <>
          <button type="button" className="filled" data-testid="keep-delete" onClick={() => void remove(found)}>
            {t('runsList.keepDelete')}
          </button>
          <button type="button" className="quiet" onClick={() => setFound(null)}>
            {t('newRun.cancel')}
          </button>
        </>
      )}
    </div>
  );
}

function foundText(t: ReturnType<typeof useTranslations>['t'], { count, bytes, isDone }: KeptRuns): string {
  if (isDone) return t('runsList.keepDone', { count });
  return count === 0 ? t('runsList.keepNothing') : t('runsList.keepFound', { count, size: formatBytes(bytes) });
}
