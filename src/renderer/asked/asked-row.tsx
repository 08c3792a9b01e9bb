/** A command in one line, with a bar from its request to its end over the whole run; below it, when it is open, the details. */
import { IconChevronRight } from '@tabler/icons-react';
import type { AskedCommand } from '../../core/trace/index.ts';
import { useActions, useDashboardState, useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { shownUntilUs } from '../store/shown-until.ts';
import { formatClock } from '../texts/format.ts';
import { commandText } from '../texts/reasons.ts';
import { attemptText, copyText, endText, fateText, tookText } from './asked-text.ts';

export interface AskedRowProps {
  readonly asked: AskedCommand;
  /** The end of the run so far, in microseconds: the right end of the bar's scale. */
  readonly untilUs: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** The row. */
export function AskedRow({ asked, untilUs, isOpen, onToggle }: AskedRowProps) {
  const { t } = useTranslations();
  const command = commandText(asked.command);
  return (
    <div className="asked" data-seq={asked.seq}>
      <button
        type="button"
        tabIndex={-1}
        className="asked-columns asked-row"
        data-end={asked.end?.is ?? 'waiting'}
        data-fate={asked.fate?.is}
        aria-expanded={isOpen}
        onClick={onToggle}
      >
        <span className="faint">{formatClock(asked.askedUs)}</span>
        <span className="mono asked-command" title={command}>
          {command}
        </span>
        <Bar asked={asked} untilUs={untilUs} />
        {asked.end === null ? <Waiting asked={asked} /> : <End asked={asked} nowUs={untilUs} />}
        <span className="asked-took">{tookText(t, asked.tookUs)}</span>
      </button>
      {isOpen ? <Details asked={asked} /> : null}
    </div>
  );
}

/** The end of a command that waits, with its running time. Only these words follow the clock. */
function Waiting({ asked }: { readonly asked: AskedCommand }) {
  const labNowUs = useLabNow(100);
  const shownUs = useDashboardState(shownUntilUs);
  return <End asked={asked} nowUs={shownUs ?? labNowUs} />;
}

function End({ asked, nowUs }: { readonly asked: AskedCommand; readonly nowUs: number }) {
  const { t } = useTranslations();
  const { text, tone } = endText(t, asked, nowUs);
  return (
    <span className={`asked-end tone-${tone}`} title={text}>
      {text}
    </span>
  );
}

function Bar({ asked, untilUs }: { readonly asked: AskedCommand; readonly untilUs: number }) {
  const all = Math.max(1, untilUs);
  const left = Math.min(1, asked.askedUs / all);
  const width = Math.max(0, Math.min(1 - left, (asked.tookUs ?? untilUs - asked.askedUs) / all));
  return (
    <span className="asked-scale">
      <span className="asked-bar" style={{ left: `${left * 100}%`, width: `${width * 100}%` }} />
    </span>
  );
}

function Details({ asked }: { readonly asked: AskedCommand }) {
  const { t } = useTranslations();
  const { attempts, copies, end } = asked;
  const actions = useActions();
  const fate = fateText(t, asked);
  return (
    <div className="asked-details" data-testid="asked-details">
      {fate === null ? null : <p>{fate}</p>}
      {copies.length === 0 && end?.is !== 'unknown' ? null : <h3>{t('asked.copies')}</h3>}
      {copies.length === 0 && end?.is === 'unknown' ? <p>{t('asked.noCopy')}</p> : null}
      <ol>
        {copies.map((copy) => (
          <li key={`${copy.index}:${copy.term}`}>
            <span className="faint">{formatClock(copy.atUs)}</span>
            <button
              type="button"
              className="quiet asked-copy"
              onClick={() => actions.select({ kind: 'entry', index: copy.index, term: copy.term, server: copy.by })}
            >
              {copyText(t, copy)}
              <IconChevronRight size={14} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ol>
      {attempts.length === 0 ? null : <h3>{t('asked.attempts')}</h3>}
      <ol>
        {attempts.map((attempt) => (
          <li key={`${attempt.atUs} ${attempt.server}`}>
            <span className="faint">{formatClock(attempt.atUs)}</span>
            <span>{attemptText(t, attempt)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
