/** A selected link: what each direction does with messages, and how many it has seen. */
import type { ClusterView } from '../../core/trace/index.ts';
import type { LinkId, ServerId } from '../contract.ts';
import { Panel } from '../kit/panel.tsx';
import { useWords } from '../store/dashboard-context.ts';

/** Policy and counters of both directions. */
export function LinkPanel({ view, a, b }: { readonly view: ClusterView; readonly a: ServerId; readonly b: ServerId }) {
  const { t, language } = useWords();
  const numbers = new Intl.NumberFormat(language);
  const directions: readonly LinkId[] = [`${a}>${b}`, `${b}>${a}`];
  return (
    <Panel title={t('link.title', { a, b })} testId="link-panel">
      <table className="table">
        <thead>
          <tr>
            <th>{t('link.direction')}</th>
            <th>{t('link.policy')}</th>
            <th className="number">{t('link.sent')}</th>
            <th className="number">{t('link.delivered')}</th>
            <th className="number">{t('link.dropped')}</th>
          </tr>
        </thead>
        <tbody>
          {directions.map((id) => {
            const link = view.links[id];
            const mode = link?.policy.mode ?? 'pass';
            return (
              <tr key={id}>
                <td className="mono">{id.replace('>', ' → ')}</td>
                <td className={mode === 'pass' ? undefined : 'bad'}>{t(`link.${mode}`)}</td>
                <td className="number">{numbers.format(link?.sent ?? 0)}</td>
                <td className="number">{numbers.format(link?.delivered ?? 0)}</td>
                <td className="number">{numbers.format(link?.dropped ?? 0)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
