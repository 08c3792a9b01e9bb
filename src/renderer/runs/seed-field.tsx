/** The seed of a new run: typed, or drawn by *another*. */
import { useState } from 'react';
import { LIMITS } from '../../core/lab-api/index.ts';
import { Field } from '../experiment/experiment-fields.tsx';
import { useTranslations } from '../store/dashboard-context.ts';
import { drawSeed } from './new-run-choice.ts';

export interface SeedFieldProps {
  readonly seed: number;
  /** True when the seed is another run's; a line then says what it repeats. */
  readonly isRepeated: boolean;
  readonly onChange: (seed: number) => void;
}

/** The field of the seed. A text that is no seed changes nothing. */
export function SeedField({ seed, isRepeated, onChange }: SeedFieldProps) {
  const { t } = useTranslations();
  const [typed, setTyped] = useState<string | null>(null);

  function commit(): void {
    const given = typed?.trim() ?? '';
    if (/^\d{1,10}$/.test(given)) onChange(Math.min(LIMITS.seed, Number(given)));
    setTyped(null);
  }

  const another = (
    <button type="button" className="quiet" data-testid="seed-another" onClick={() => onChange(drawSeed())}>
      {t('experiment.another')}
    </button>
  );
  return (
    <div className="experiment-seed">
      <Field label={t('experiment.seed')} unit={another}>
        <input
          className="mono"
          size={12}
          inputMode="numeric"
          aria-label={t('experiment.seed')}
          data-testid="new-run-seed"
          value={typed ?? String(seed)}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onBlur={commit}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit();
          }}
        />
      </Field>
      {isRepeated ? <p className="faint">{t('experiment.againHint')}</p> : null}
    </div>
  );
}
