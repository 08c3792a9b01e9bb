/**
 * The right side: the logs on top, below them one face, by default the panel of the selection or *Try this*. In presentation the
 * logs stand alone, until a face or the life of an index takes their place.
 */
import './presented-face.css';
import './side.css';
import { LinkPanel } from '../links/link-panel.tsx';
import { IndexPanel } from '../log/index-panel.tsx';
import { LogGrid } from '../log/log-grid.tsx';
import { ScenarioPanel } from '../scenario/scenario-panel.tsx';
import { ServerPanel } from '../servers/server-panel.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { isFaceInPlaceOfLogs } from '../store/in-place-of-logs.ts';
import { ClusterState } from './cluster-state.tsx';
import { FACES } from './faces.ts';
import { TryThis } from './try-this.tsx';

/** The right side. */
export function Side() {
  const view = useDashboardState((state) => state.view);
  const isIdle = useDashboardState((state) => state.mode === null || state.mode.mode === 'idle');
  const isPresenting = useDashboardState((state) => state.isPresenting);
  const isInPlaceOfLogs = useDashboardState(isFaceInPlaceOfLogs);
  const { t } = useTranslations();
  if (view === null || isIdle) return <aside className="side" aria-label={t('cluster.title')} />;
  return (
    <aside className="side" aria-label={t('cluster.title')}>
      {isInPlaceOfLogs ? null : <LogGrid view={view} />}
      {isPresenting && !isInPlaceOfLogs ? null : <OpenFace />}
    </aside>
  );
}

/** The open face; without one, the panel of the selection. */
function OpenFace() {
  const face = useDashboardState((state) => state.face);
  if (face === 'selection') return <SelectionPanel />;
  const { body: Body } = FACES[face];
  return <Body />;
}

function SelectionPanel() {
  const view = useDashboardState((state) => state.view);
  const selection = useDashboardState((state) => state.selection);
  if (view === null) return null;
  if (selection.kind === 'server') {
    const server = view.servers[selection.server];
    if (server !== undefined) return <ServerPanel key={server.id} server={server} view={view} />;
  }
  if (selection.kind === 'link') return <LinkPanel view={view} a={selection.a} b={selection.b} />;
  if (selection.kind === 'entry') {
    return <IndexPanel key={selection.index} view={view} index={selection.index} />;
  }
  return (
    <div className="selection nothing-selected">
      {view.scenario === null ? <TryThis view={view} /> : <ScenarioPanel scenario={view.scenario} />}
      <ClusterState view={view} />
    </div>
  );
}
