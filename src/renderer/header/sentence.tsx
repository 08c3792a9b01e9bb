/**
 * The sentence at the top: the leader, the number of committed entries, the number of servers that are up. Without a leader it
 * is amber and counts the seconds.
 */
import './sentence.css';
import { IconAlertTriangle } from '@tabler/icons-react';
import { aliveCount, type ClusterView, serverCount } from '../../core/trace/index.ts';
import { useActions, useCanAct, useDashboardState, useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { formatTenths } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';

/** The content of the sentence, before it is translated. */
export type Saying = 'connecting' | 'idle' | 'starting' | 'leads' | 'leader-frozen' | 'nobody' | 'all-down' | 'ended';

/** Chooses the sentence for a state. */
export function sayingOf(view: ClusterView | null, mode: 'idle' | 'live' | 'past' | null): Saying {
  if (view === null || mode === null) return 'connecting';
  if (mode === 'idle') return 'idle';
  const servers = Object.values(view.servers);
  // Checked before the number of servers: the end of a run stops every server, which must not look like a fault.
  if (view.ended !== null) return 'ended';
  if (servers.length === 0 || servers.every((server) => server.status === 'starting')) return 'starting';
  if (view.leader !== null) return view.servers[view.leader.server]?.status === 'frozen' ? 'leader-frozen' : 'leads';
  if (servers.every((server) => server.status === 'down' || server.status === 'failed')) return 'all-down';
  return 'nobody';
}

/** The sentence. */
export function Sentence() {
  const { t } = useTranslations();
  const view = useDashboardState((state) => state.view);
  const mode = useDashboardState((state) => state.mode?.mode ?? null);
  const saying = sayingOf(view, mode);
  const nowUs = useLabNow(saying === 'nobody' ? 100 : null);
  const isAmber = saying === 'nobody' || saying === 'leader-frozen' || saying === 'all-down';
  return (
    <h1 className="sentence" data-testid="sentence" data-saying={saying}>
      {isAmber ? <IconAlertTriangle size={20} className="amber" aria-hidden="true" /> : null}
      <span className={isAmber ? 'amber' : undefined}>{mainPart(t, saying, view, nowUs)}</span>
      {view === null || !COUNTED.has(saying) ? null : <Counts view={view} />}
      {saying === 'all-down' ? <RestartAll /> : null}
    </h1>
  );
}

function Counts({ view }: { readonly view: ClusterView }) {
  const { t } = useTranslations();
  const committed = t('sentence.committed', { count: view.commitIndex });
  const text = ` · ${committed} · ${t('sentence.up', { up: aliveCount(view), all: serverCount(view) })}`;
  return (
    <span className="counts" title={text}>
      {text}
    </span>
  );
}

const COUNTED: ReadonlySet<Saying> = new Set<Saying>(['leads', 'leader-frozen', 'nobody']);

function mainPart(t: Translate, saying: Saying, view: ClusterView | null, nowUs: number): string {
  switch (saying) {
    case 'connecting':
      return t('sentence.connecting');
    case 'idle':
      return t('sentence.idle');
    case 'ended':
      return t('sentence.ended');
    case 'all-down':
      return t('sentence.allDown');
    case 'starting':
      return t('sentence.starting', { count: view === null ? 0 : serverCount(view) });
    case 'leads':
      return t('sentence.leads', { server: view?.leader?.server ?? '', term: view?.leader?.term ?? 0 });
    case 'leader-frozen':
      return t('sentence.leaderFrozen', { server: view?.leader?.server ?? '', term: view?.leader?.term ?? 0 });
    case 'nobody': {
      const sinceUs = view?.leaderlessSinceUs ?? null;
      const seconds = formatTenths((nowUs - (sinceUs ?? 0)) / 1_000_000);
      return (view?.watch.electedTerm ?? 0) > 0
        ? t('sentence.nobody', { seconds })
        : t('sentence.nobodyYet', { seconds });
    }
  }
}

function RestartAll() {
  const { t } = useTranslations();
  const actions = useActions();
  const canAct = useCanAct();
  const view = useDashboardState((state) => state.view);
  if (!canAct || view === null) return null;
  return (
    <button type="button" className="filled" onClick={() => void actions.restart(Object.keys(view.servers))}>
      {t('action.restartAll')}
    </button>
  );
}
