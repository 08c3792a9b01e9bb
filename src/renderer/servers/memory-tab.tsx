/** The memory of a server: lost when it is killed, except for the fields marked *on disk*. */
import type { ServerView } from '../../core/trace/index.ts';
import { Facts } from '../kit/facts.tsx';
import { useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { timerLeft } from '../store/lab-clock.ts';
import { byServer, formatServers, formatTenths } from '../texts/format.ts';
import type { ServerTabProps } from './server-tab.ts';

/** The Memory tab. */
export function MemoryTab({ server, view }: ServerTabProps) {
  const { t } = useTranslations();
  if (server.status === 'down' || server.status === 'failed') {
    return (
      <>
        <p>{t('server.gone')}</p>
        {server.disk === null ? null : (
          <p className={server.disk.ok ? 'faint' : 'problem'}>
            {server.disk.ok
              ? t('disk.summary', {
                  term: server.disk.term,
                  vote: server.disk.votedFor ?? t('server.nobody'),
                  count: server.disk.lastIndex,
                })
              : server.disk.message}
          </p>
        )}
      </>
    );
  }
  if (server.role === null) return <p className="faint">{t('server.notYet')}</p>;
  const nobody = t('server.nobody');
  const granted = Object.entries(server.votes).flatMap(([voter, vote]) => (vote ? [voter] : []));
  return (
    <>
      <Facts
        className="two-columns mono-names"
        facts={[
          { name: t('server.role'), value: t(`role.${server.role}`), testId: 'memory-role' },
          { name: t('server.commitIndex'), value: server.commitIndex },
          { name: t('server.term'), value: server.term, note: t('server.onDiskToo') },
          { name: t('server.lastApplied'), value: server.lastApplied },
          { name: t('server.votedFor'), value: server.votedFor ?? nobody, note: t('server.onDiskToo') },
          { name: t('server.lastIndex'), value: server.lastIndex },
          { name: t('server.leaderId'), value: server.leaderId ?? nobody },
          { name: t('server.durableIndex'), value: server.durableIndex, note: t('server.onDiskToo') },
          { name: t('server.timer'), value: <TimerValue server={server} tickMs={view.tickMs} /> },
          ...(granted.length === 0
            ? []
            : [
                {
                  name: t('server.votes'),
                  value: `${formatServers(granted)} (${t('stage.votes', { granted: granted.length, needed: server.votesNeeded })})`,
                },
              ]),
        ]}
      />
      <Progress server={server} />
    </>
  );
}

function TimerValue({ server, tickMs }: { readonly server: ServerView; readonly tickMs: number }) {
  const { t } = useTranslations();
  const nowUs = useLabNow(server.timer === null ? null : 100);
  if (server.timer === null) return t('server.timerNone');
  const all = (server.timer.timeoutTicks * tickMs) / 1000;
  return t('server.timerValue', {
    left: formatTenths(timerLeft(server.timer, tickMs, nowUs) * all),
    all: formatTenths(all),
  });
}

function Progress({ server }: { readonly server: ServerView }) {
  const { t } = useTranslations();
  const others = Object.entries(server.progress).sort(([a], [b]) => byServer(a, b));
  if (others.length === 0) return null;
  return (
    <>
      <h3>{t('server.progress')}</h3>
      <table className="table">
        <thead>
          <tr>
            <th>{t('server.progressServer')}</th>
            <th className="number">matchIndex</th>
            <th className="number">nextIndex</th>
            <th> </th>
          </tr>
        </thead>
        <tbody>
          {others.map(([id, progress]) => (
            <tr key={id}>
              <td className="mono">{id}</td>
              <td className="number">{progress.matchIndex}</td>
              <td className="number">{progress.nextIndex}</td>
              <td>{t(`server.${progress.state}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
