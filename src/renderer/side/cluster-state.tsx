/** The state of the cluster in a few lines, for when nothing is selected. */
import './cluster-state.css';
import { aliveCount, type ClusterView, majorityOf, serverCount } from '../../core/trace/index.ts';
import { Switches } from '../faults/switches.tsx';
import { Facts } from '../kit/facts.tsx';
import { useTranslations } from '../store/dashboard-context.ts';

/** Leader, term, commit and majority; the face of the graphs has what is counted. */
export function ClusterState({ view }: { readonly view: ClusterView }) {
  const { t, language } = useTranslations();
  const numbers = new Intl.NumberFormat(language);
  const term = Math.max(0, ...Object.values(view.servers).map((server) => server.term));
  return (
    <section className="cluster-state" aria-label={t('cluster.title')}>
      <h2>{t('cluster.title')}</h2>
      <Switches view={view} />
      <Facts
        className="two-columns"
        facts={[
          { name: t('cluster.leader'), value: view.leader?.server ?? t('cluster.none') },
          { name: t('cluster.term'), value: term },
          { name: t('cluster.committed'), value: numbers.format(view.commitIndex) },
          {
            name: t('cluster.up'),
            value: t('cluster.upValue', { up: aliveCount(view), all: serverCount(view), needed: majorityOf(view) }),
          },
        ]}
      />
    </section>
  );
}
