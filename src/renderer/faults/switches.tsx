/** The switches of the whole cluster: the unreliable network, keep alive, random faults. */
import './switches.css';
import type { ClusterView } from '../../core/trace/index.ts';
import { useActions, useCanAct, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { NEMESIS_RATES, nemesisRateOf } from '../store/nemesis-rate.ts';

/** The switches. Renders nothing in a recording. */
export function Switches({ view }: { readonly view: ClusterView }) {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const rate = useDashboardState(nemesisRateOf);
  const isUnreliable = view.faults.some(({ kind }) => kind === 'unreliable');
  if (!canAct) return null;
  return (
    <ul className="switches">
      <Switch name="unreliable" on={isUnreliable} label={t('switch.unreliable')} onFlip={actions.toggleUnreliable}>
        <kbd>U</kbd>
      </Switch>
      <Switch
        name="keep-alive"
        on={view.keepAlive}
        label={t('switch.keepAlive')}
        long={t('switch.keepAliveLong')}
        onFlip={() => actions.setKeepAlive(!view.keepAlive)}
      />
      <Switch
        name="nemesis"
        on={view.nemesis?.phase === 'on'}
        disabled={view.nemesis?.phase === 'ending'}
        label={t('switch.nemesis')}
        onFlip={actions.toggleNemesis}
      >
        <kbd>N</kbd>
        <select
          className="link-choice"
          aria-label={t('switch.nemesisRate')}
          data-testid="nemesis-rate"
          value={rate}
          onChange={(event) => void actions.setNemesisRate(Number(event.currentTarget.value))}
        >
          {ratesWith(rate).map((perMinute) => (
            <option key={perMinute} value={perMinute}>
              {t('switch.perMinute', { count: perMinute })}
            </option>
          ))}
        </select>
      </Switch>
    </ul>
  );
}

/** The rates to choose from, including a rate that another door chose. */
function ratesWith(current: number): readonly number[] {
  return [...new Set([...NEMESIS_RATES, current])].sort((a, b) => a - b);
}

interface SwitchProps {
  readonly name: string;
  /** The full explanation, shown on hover. */
  readonly long?: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly label: string;
  readonly onFlip: () => Promise<void>;
  readonly children?: React.ReactNode;
}

function Switch({ name, on, disabled = false, long, label, onFlip, children }: SwitchProps) {
  return (
    <li>
      <label title={long}>
        <input
          type="checkbox"
          data-testid={`switch-${name}`}
          checked={on}
          disabled={disabled}
          onChange={() => void onFlip()}
        />
        {label}
      </label>
      {children}
    </li>
  );
}
