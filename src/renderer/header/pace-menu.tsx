/** The menu of the pace, and the way to the timing of the run. */
import { Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { PACES, type PaceName, type RunSettings } from '../../core/trace/index.ts';
import { DEFAULT_TIMING, experimentWarnings, isSettled, type Timing } from '../../core/vocabulary/index.ts';
import { shownValue } from '../experiment/draft.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

/** The menu of the pace. A pace at which the present timing would not work is greyed, with the reason. */
export function PaceMenu() {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const pace = useDashboardState((state) => state.view?.pace ?? 'classroom');
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'pace'));
  return (
    <>
      {problem === undefined ? null : (
        <span className="problem" role="alert">
          {errorText(t, problem.error)}
        </span>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <button
            type="button"
            className="quiet"
            data-testid="pace"
            disabled={!canAct}
            title={t('header.paceHint')}
            aria-label={`${t('header.pace')}: ${t(`pace.${pace}`)}`}
          >
            {t(`pace.${pace}`)}
            <IconChevronDown size={14} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(PACES) as PaceName[]).map((name) => (
            <PaceItem key={name} name={name} current={pace} />
          ))}
          <Menu.Divider />
          <Menu.Item data-testid="timing-open" onClick={() => actions.setDialog('timing')}>
            {t('experiment.menu')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function PaceItem({ name, current }: { readonly name: PaceName; readonly current: PaceName }) {
  const { t } = useTranslations();
  const actions = useActions();
  const settings = useDashboardState((state) => state.view?.settings ?? null);
  const isUnsound = settings !== null && isSettled(settings, current) && !isSettled(settings, name);
  return (
    <Menu.Item data-current={name === current} disabled={isUnsound} onClick={() => void actions.setPace(name)}>
      {t(`pace.${name}`)}
      <span className="menu-detail">
        {isUnsound ? unsoundText(t, settings, name) : lengthsText(t, settings ?? DEFAULT_TIMING, name)}
      </span>
    </Menu.Item>
  );
}

/** Why the timing of this run would not work at this pace. */
function unsoundText(t: Translate, settings: RunSettings, pace: PaceName): string {
  const { servers, flags } = settings;
  const experiment = { ...settings, servers: servers.length, pace, checkQuorum: flags.checkQuorum };
  const [warning] = experimentWarnings(experiment);
  return warning === undefined ? '' : t(`experiment.warning.${warning.code}`, warning.params);
}

/** The lengths of this timing at this pace. */
function lengthsText(t: Translate, timing: Timing, pace: PaceName): string {
  const text = (field: keyof Timing): string => {
    const length = shownValue(timing, field, pace);
    return pace === 'real' ? t('paceDetail.ms', { length }) : t('paceDetail.seconds', { length: length / 1_000 });
  };
  const lengths = {
    heartbeat: text('heartbeatTicks'),
    shortest: text('electionTicks'),
    longest: text('electionMaxTicks'),
  };
  if (shownValue(timing, 'hopTicks', pace) === 0) return t('paceDetail.withoutHop', lengths);
  return t('paceDetail.withHop', { ...lengths, hop: text('hopTicks') });
}
