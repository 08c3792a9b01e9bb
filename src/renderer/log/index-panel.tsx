/**
 * The panel of an index of the log: the entries that stood there as bars, and their life in words. The lab is asked again
 * when a fact about this index changes in the view, at most once a second. Flow: indexLife of the lab → here → life-bars.tsx
 * and life-lines.ts.
 */
import { Fragment, useEffect, useState } from 'react';
import { type ClusterView, type EntryLife, type IndexLife, termAt } from '../../core/trace/index.ts';
import type { LogIndex } from '../contract.ts';
import { TextBox } from '../kit/facts.tsx';
import { Panel } from '../kit/panel.tsx';
import { useTranslations } from '../store/dashboard-context.ts';
import { useAsked, useMoment } from '../store/use-asked.ts';
import { byServer } from '../texts/format.ts';
import { commandText } from '../texts/reasons.ts';
import { LifeBars } from './life-bars.tsx';
import { type LifeLine, lifeLines } from './life-lines.ts';
import { formatMoment } from './moment.ts';

/** Shortest time between two questions, in milliseconds. */
const ASK_GAP_MS = 1000;
/** Letters of a content up to which the lines show it whole. */
const SHORT_CONTENT = 40;

export interface IndexPanelProps {
  readonly view: ClusterView;
  readonly index: LogIndex;
}

/** The index. */
export function IndexPanel({ view, index }: IndexPanelProps) {
  const { t } = useTranslations();
  const { timeUs: toUs } = useMoment();
  const [isOpen, setOpen] = useState(false);
  // The view does not hold the client's answer, so a question is asked again until the answer is known.
  const key = `${toUs ?? ''} ${isOpen ? Math.floor(view.timeUs / 1_000_000) : ''} ${factsOf(view, index)}`;
  const answer = useAsked('indexLife', { index, ...(toUs === undefined ? {} : { toUs }) }, key, ASK_GAP_MS);
  const life = answer?.ok ? answer.value : null;
  useEffect(() => setOpen(life?.entries.some(isUnanswered) ?? false), [life]);
  const count = life?.entries.length ?? 0;
  return (
    <Panel
      title={t('life.title', { index })}
      testId="entry-panel"
      tools={life === null ? null : <span className="life-count">{t('life.stood', { count })}</span>}
    >
      {answer === null ? <p className="faint">{t('life.reading')}</p> : null}
      {life === null ? null : <Life life={life} view={view} />}
    </Panel>
  );
}

function isUnanswered({ proposal, by }: EntryLife): boolean {
  return proposal?.entry.type === 'command' && by?.answers.length === 0;
}

/** The facts of the view from which the life of this index follows. */
function factsOf({ servers, entries }: ClusterView, index: LogIndex): string {
  const ofServers = Object.values(servers).map(({ log, durableIndex, commitIndex, lastApplied, life, status }) =>
    [termAt(log, index), durableIndex >= index, commitIndex >= index, lastApplied >= index, life, status].join(),
  );
  const ofEntries = Object.values(entries).flatMap(({ entry, committedUs, client }) =>
    entry.index === index ? [`${entry.term} ${committedUs} ${client}`] : [],
  );
  return [...ofServers, ...ofEntries].join(' ');
}

function Life({ life, view }: { readonly life: IndexLife; readonly view: ClusterView }) {
  const { t } = useTranslations();
  const members = Object.keys(view.servers).sort(byServer);
  if (life.entries.length === 0) return <p className="faint">{t('life.empty')}</p>;
  return (
    <>
      <LifeBars life={life} members={members} />
      <div className="life-lines" data-testid="life-lines">
        {lifeLines(t, life, members).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no other name, and none moves
          <Line key={at} line={line} />
        ))}
      </div>
      <LongContents life={life} />
    </>
  );
}

function Line({ line: { timeUs, lead, text } }: { readonly line: LifeLine }) {
  const { t } = useTranslations();
  return (
    <Fragment>
      {timeUs === null ? null : <time>{formatMoment(timeUs)}</time>}
      <p>
        {lead === '' ? null : <b>{lead.length > SHORT_CONTENT ? `${lead.slice(0, SHORT_CONTENT)}…` : lead}</b>}
        {lead === '' ? text : `${t('life.colon')}${text}`}
      </p>
    </Fragment>
  );
}

/** The whole contents of the entries that the lines cut short, in boxes that scroll. */
function LongContents({ life }: { readonly life: IndexLife }) {
  const { t } = useTranslations();
  const long = life.entries.flatMap(({ term, proposal }) => {
    const text = proposal?.entry.type === 'command' ? commandText(proposal.entry.command) : '';
    return text.length > SHORT_CONTENT ? [{ term, text }] : [];
  });
  return long.map(({ term, text }) => (
    <TextBox key={term} name={t('life.content', { term })} text={text} testId="entry-content" />
  ));
}
