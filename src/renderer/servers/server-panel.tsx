/** The panel of a selected server: its tabs, its links and its actions. */
import './server-panel.css';
import { Tabs } from '@mantine/core';
import type { ComponentType } from 'react';
import type { ServerView } from '../../core/trace/index.ts';
import { Panel } from '../kit/panel.tsx';
import { LinksOf } from '../links/links-of.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import type { ServerTab } from '../store/dashboard-store.ts';
import { ServerActions } from './server-actions.tsx';
import type { ServerTabProps } from './server-tab.ts';
import { SERVER_TABS } from './server-tabs.ts';

const TABS = Object.entries(SERVER_TABS) as [ServerTab, ComponentType<ServerTabProps>][];

/** The panel. The open tab stays from server to server, so that servers can be compared. */
export function ServerPanel({ server, view }: ServerTabProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const tab = useDashboardState((state) => state.serverTab);
  const isCut = useDashboardState(
    (state) => state.view?.faults.some((one) => one.kind === 'cut' && one.servers.includes(server.id)) ?? false,
  );
  return (
    <Panel
      title={server.id}
      testId="server-panel"
      tools={<ServerActions server={server} isCut={isCut} place="panel" />}
    >
      <RestoredLine server={server} />
      <LinksOf server={server.id} view={view} />
      <Tabs
        value={tab}
        onChange={(chosen) => actions.setServerTab((chosen ?? 'memory') as ServerTab)}
        keepMounted={false}
      >
        <Tabs.List aria-label={t('server.tabs', { server: server.id })}>
          {TABS.map(([name]) => (
            <Tabs.Tab key={name} value={name}>
              {t(`serverTab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(([name, Content]) => (
          <Tabs.Panel key={name} value={name}>
            <Content server={server} view={view} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

/** The state that this life read from its files at its start. It shows that the server was restored from disk. */
function RestoredLine({ server }: { readonly server: ServerView }) {
  const { t } = useTranslations();
  const { restored } = server;
  if (restored === null || server.life <= 1) return null;
  const { term, votedFor, lastIndex, tornBytes } = restored;
  return (
    <p className="restored" data-testid="restored">
      {t('server.restored', { term, vote: votedFor ?? t('server.nobody'), count: lastIndex })}
      {tornBytes === 0 ? null : <span className="amber"> · {t('server.torn', { bytes: tornBytes })}</span>}
    </p>
  );
}
