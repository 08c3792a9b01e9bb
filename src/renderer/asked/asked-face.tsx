/**
 * The face *Asked*: every command of the run, newest first, with what became of it. A row opens to its attempts and to the
 * entries that hold it. The lab reads the facts; this page keeps them current.
 */
import './asked-face.css';
import { memo, useMemo, useState } from 'react';
import type { CommandPage } from '../../core/lab-api/index.ts';
import { StillList } from '../kit/still-list.tsx';
import { Face } from '../side/face.tsx';
import { useDashboard, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { runKeyOf } from '../store/dashboard-store.ts';
import { shownUntilUs } from '../store/shown-until.ts';
import { useAsked } from '../store/use-asked.ts';
import { formatClock } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { AskedRow } from './asked-row.tsx';
import { tookText } from './asked-text.ts';

/** Number of commands at first, and by which the list grows at its oldest row. */
const PAGE = 100;
/** Maximum number of commands in the list; the lab answers no more. */
const MOST = 1_000;
/** Shortest time between two requests, in milliseconds. */
const GAP_MS = 1_000;

/** The face. */
export function AskedFace() {
  const { t } = useTranslations();
  const [limit, setLimit] = useState(PAGE);
  const atUs = useDashboardState(shownUntilUs);
  const version = useDashboardState((state) => state.eventVersion);
  const runKey = useDashboardState(({ mode }) => runKeyOf(mode));
  const ask = { limit, ...(atUs === null ? {} : { toUs: atUs }) };
  const answer = useAsked('commands', ask, JSON.stringify([runKey, ask, version]), GAP_MS);
  return (
    <Face name="asked" tools={answer?.ok === true ? <Summary page={answer.value} /> : null}>
      {answer === null ? <p className="faint">{t('asked.reading')}</p> : null}
      {answer?.ok === false ? <p className="problem">{errorText(t, answer.error)}</p> : null}
      {answer?.ok === true ? <Commands page={answer.value} setLimit={setLimit} /> : null}
    </Face>
  );
}

function Summary({ page: { commands, leftOut, halfWithinUs } }: { readonly page: CommandPage }) {
  const { t, language } = useTranslations();
  const number = new Intl.NumberFormat(language);
  if (commands.length === 0) return null;
  const count = commands.length + leftOut;
  const parts = [t('asked.count', { shown: number.format(count), count })];
  const time = tookText(t, halfWithinUs);
  if (halfWithinUs !== null) {
    parts.push(
      leftOut === 0
        ? t('asked.half', { time })
        : t('asked.halfOfNewest', { count: number.format(commands.length), time }),
    );
  }
  return (
    <p className="faint asked-summary" data-testid="asked-summary">
      {parts.join(' · ')}
    </p>
  );
}

interface CommandsProps {
  readonly page: CommandPage;
  readonly setLimit: (grow: (now: number) => number) => void;
}

/** Drawn again only for another answer: the face itself hears of events ten times a second, and an answer comes once a second. */
const Commands = memo(function Commands({ page, setLimit }: CommandsProps) {
  const { t, language } = useTranslations();
  const { store } = useDashboard();
  const { commands, leftOut, readToUs } = page;
  const [opened, setOpened] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scale of the bars grows with each answer, not with each view
  const untilUs = useMemo(() => {
    const state = store.getState();
    return shownUntilUs(state) ?? state.view?.timeUs ?? 0;
  }, [page, store]);
  if (commands.length === 0) return <p className="faint">{t('asked.none')}</p>;
  return (
    <>
      <div className="asked-columns asked-head" aria-hidden="true">
        <span>{t('asked.when')}</span>
        <span>{t('asked.command')}</span>
        <span>{t('asked.overRun')}</span>
        <span>{t('asked.end')}</span>
        <span className="asked-took">{t('asked.after')}</span>
      </div>
      <StillList
        items={commands}
        keyOf={({ seq }) => seq}
        name={t('asked.list')}
        testId="asked-list"
        {...(leftOut > 0 && commands.length < MOST
          ? { onOldest: () => setLimit((now) => Math.min(MOST, now + PAGE)) }
          : {})}
        row={(asked) => (
          <AskedRow
            asked={asked}
            untilUs={untilUs}
            isOpen={opened === asked.seq}
            onToggle={() => setOpened(opened === asked.seq ? null : asked.seq)}
          />
        )}
      />
      {leftOut > 0 && commands.length >= MOST ? (
        <p className="faint asked-note">
          {t('asked.newestListed', { count: new Intl.NumberFormat(language).format(commands.length) })}
        </p>
      ) : null}
      {readToUs === null ? null : (
        <p className="faint asked-note">{t('asked.readTo', { time: formatClock(readToUs) })}</p>
      )}
    </>
  );
});
