/**
 * Active faults, in the corner of the stage: each fault and each frozen server with its age and a ✕ that
 * ends it. Renders nothing when no fault is active. The newest are shown, the rest are counted, so that they hide no server.
 */
import './fault-chips.css';
import { IconX } from '@tabler/icons-react';
import type { Actions } from '../store/actions.ts';
import { useActions, useCanAct, useDashboardState, useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { type Trouble, troublesOf } from '../store/troubles.ts';
import { faultText } from '../texts/fault-text.ts';
import { formatAge } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';

const MOST_SHOWN = 3;

/** The chips, and *Heal all* when there is more than one. */
export function FaultChips() {
  const view = useDashboardState((state) => state.view);
  const troubles = view === null ? [] : troublesOf(view);
  return troubles.length === 0 ? null : <Chips troubles={troubles} />;
}

function Chips({ troubles }: { readonly troubles: readonly Trouble[] }) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const nowUs = useLabNow(1000);
  const hidden = Math.max(0, troubles.length - MOST_SHOWN);
  return (
    <div className="fault-corner">
      <ul className="faults" aria-label={t('fault.title')}>
        {troubles.slice(hidden).map((trouble) => (
          <Chip key={trouble.key} trouble={trouble} nowUs={nowUs} />
        ))}
      </ul>
      {troubles.length < 2 ? null : (
        <p className="fault-rest">
          {hidden === 0 ? null : <span data-testid="faults-hidden">{t('fault.more', { count: hidden })}</span>}
          <button type="button" data-testid="heal-all" disabled={!canAct} onClick={() => void actions.heal(null)}>
            {t('fault.healAll')} <kbd>Shift H</kbd>
          </button>
        </p>
      )}
    </div>
  );
}

function Chip({ trouble, nowUs }: { readonly trouble: Trouble; readonly nowUs: number }) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const what = troubleText(t, trouble);
  const end = t('fault.heal', { what });
  return (
    <li className="fault" data-testid="fault-chip">
      <span className="what" title={what}>
        {what}
      </span>
      <span className="age">{formatAge(nowUs - trouble.sinceUs)}</span>
      <button
        type="button"
        disabled={!canAct || (trouble.kind === 'nemesis' && trouble.nemesis.phase === 'ending')}
        aria-label={end}
        title={end}
        onClick={() => void endOf(trouble, actions)}
      >
        <IconX size={16} aria-hidden="true" />
      </button>
    </li>
  );
}

function endOf(trouble: Trouble, actions: Actions): Promise<void> {
  if (trouble.kind === 'fault') return actions.heal(trouble.fault.id);
  return trouble.kind === 'frozen' ? actions.toggleFreeze(trouble.server) : actions.toggleNemesis();
}

function troubleText(t: Translate, trouble: Trouble): string {
  if (trouble.kind === 'fault') return faultText(t, trouble.fault);
  if (trouble.kind === 'frozen') return t('fault.frozen', { server: trouble.server, count: trouble.unread });
  const { phase, acts } = trouble.nemesis;
  return phase === 'on' ? t('fault.nemesis', { acts }) : t('fault.recovering');
}
