/** What is on or off for the whole cluster: the unreliable network, and whether servers that are gone come back by themselves. */
import type { ClusterView } from '../../core/trace/index.ts';
import { useActions, useCanAct, useWords } from '../store/dashboard-context.ts';

/** Nothing in a recording: there is nothing to switch. */
export function Switches({ view }: { readonly view: ClusterView }) {
  const { t } = useWords();
  const actions = useActions();
  const canAct = useCanAct();
  if (!canAct) return null;
  const isUnreliable = view.faults.some(({ kind }) => kind === 'unreliable');
  return (
    <ul className="switches">
      <Switch name="unreliable" on={isUnreliable} words={t('switch.unreliable')} onFlip={actions.toggleUnreliable}>
        <kbd>U</kbd>
      </Switch>
      <Switch
        name="keep-alive"
        on={view.keepAlive}
        words={t('switch.keepAlive')}
        onFlip={() => actions.setKeepAlive(!view.keepAlive)}
      />
    </ul>
  );
}

interface SwitchProps {
  readonly name: string;
  readonly on: boolean;
  readonly words: string;
  readonly onFlip: () => Promise<void>;
  readonly children?: React.ReactNode;
}

function Switch({ name, on, words, onFlip, children }: SwitchProps) {
  return (
    <li>
      <label>
        <input type="checkbox" data-testid={`switch-${name}`} checked={on} onChange={() => void onFlip()} />
        {words}
      </label>
      {children}
    </li>
  );
}
