/** The panel of a log entry: its content, the server that wrote it first, the disks that hold it, the time of its commit. */
import { type ClusterView, type EntryView, entryKey, type ServerView, termAt } from '../../core/trace/index.ts';
import type { LogIndex, Term, WireEntry } from '../contract.ts';
import { Facts, TextBox } from '../kit/facts.tsx';
import { Panel } from '../kit/panel.tsx';
import { useTranslations } from '../store/dashboard-context.ts';
import { useAsked } from '../store/use-asked.ts';
import { byServer, formatClock } from '../texts/format.ts';
import { commandText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

export interface EntryPanelProps {
  readonly view: ClusterView;
  readonly index: LogIndex;
  readonly term: Term;
}

/** The entry. The lab is asked for one that the view no longer holds. */
export function EntryPanel({ view, index, term }: EntryPanelProps) {
  const { t } = useTranslations();
  const known = view.entries[entryKey(index, term)];
  const title = t('entry.title', { index, term });
  return (
    <Panel title={title} testId="entry-panel">
      {known === undefined ? <AskedEntry index={index} term={term} /> : <EntryFacts entry={known} />}
      <StoredOn view={view} index={index} term={term} />
    </Panel>
  );
}

function AskedEntry({ index, term }: { readonly index: LogIndex; readonly term: Term }) {
  const { t } = useTranslations();
  const answer = useAsked('entry', { index, term }, `${index}:${term}`, 0);
  if (answer === null) return <p className="faint">{t('entry.reading')}</p>;
  if (!answer.ok || answer.value === null) return <p className="faint">{t('entry.gone')}</p>;
  return <EntryFacts entry={answer.value} />;
}

function EntryFacts({ entry }: { readonly entry: EntryView }) {
  const { t } = useTranslations();
  const { proposedBy: server, proposedUs, committedUs } = entry;
  return (
    <Facts
      className="wide-names"
      facts={[
        { name: t('entry.content'), value: <Content text={contentText(entry.entry, t)} /> },
        ...clientFact(entry.entry, t),
        { name: t('entry.proposed'), value: t('entry.proposedValue', { server, time: formatClock(proposedUs) }) },
        {
          name: t('entry.committed'),
          value:
            committedUs === null ? t('entry.notCommitted') : t('entry.committedAt', { time: formatClock(committedUs) }),
        },
      ]}
    />
  );
}

/** Characters of a content that fit on a line of the panel. */
const ONE_LINE = 48;

/** A longer content gets a box that scrolls. */
function Content({ text }: { readonly text: string }) {
  const { t } = useTranslations();
  if (text.length > ONE_LINE) return <TextBox name={t('entry.content')} text={text} testId="entry-content" />;
  return <code data-testid="entry-content">{text}</code>;
}

function contentText(entry: WireEntry, t: Translate): string {
  if (entry.type === 'noop') return t('entry.noop');
  if (entry.type === 'session') return t('entry.session', { index: entry.index });
  return commandText(entry.command);
}

function clientFact(entry: WireEntry, t: Translate) {
  if (entry.type !== 'command') return [];
  const { session, sequence } = entry;
  const value = session === null ? t('entry.clientNone') : t('entry.clientValue', { session, sequence: sequence ?? 0 });
  return [{ name: t('entry.client'), value }];
}

function StoredOn({ view, index, term }: EntryPanelProps) {
  const { t } = useTranslations();
  const servers = Object.values(view.servers).sort((a, b) => byServer(a.id, b.id));
  return (
    <>
      <h3>{t('entry.stored')}</h3>
      <Facts
        className="narrow"
        facts={servers.map((server) => ({
          name: server.id,
          value: storedText(server, index, term, t),
          testId: `stored-${server.id}`,
        }))}
      />
    </>
  );
}

function storedText(server: ServerView, index: LogIndex, term: Term, t: Translate): string {
  const here = termAt(server.log, index);
  if (here === null) return t('entry.not');
  if (here !== term) return t('entry.other', { term: here });
  if (index > server.durableIndex) return t('entry.inMemoryOnly');
  const since = server.stored.findLast((stretch) => stretch.first <= index && index <= stretch.last);
  return since === undefined ? t('entry.sinceUnknown') : t('entry.since', { time: formatClock(since.atUs) });
}
