/** A cell of the log grid: the term, in an open column the content behind it, and the signs of the newest leader. */
import { memo } from 'react';
import type { LogIndex, ServerId } from '../contract.ts';
import { termColour } from '../kit/term-colour.ts';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import type { CellModel } from './log-model.ts';

export interface CellProps extends CellModel {
  readonly server: ServerId;
  readonly index: LogIndex;
  /** Left edge and width in CSS pixels. */
  readonly left: number;
  readonly width: number;
  /** False when the column shows its terms alone. */
  readonly isOpen: boolean;
  /** The content in short; empty when it is not known. */
  readonly text: string;
  readonly isTabStop: boolean;
  readonly isSelected: boolean;
}

/** Letters of a content that are drawn and read out. More never fit, and contents may have 65,536 letters. */
const DRAWN_LETTERS = 40;
const READ_LETTERS = 1000;

/** The beginning of a content that can be seen in a cell. */
export function drawnPart(text: string): string {
  return text.slice(0, DRAWN_LETTERS);
}

/** A cell; renders nothing where the log has no entry and no sign. */
export const LogCell = memo(function LogCell(props: CellProps) {
  const { server, index, left, width, term, text, isOpen, isTabStop } = props;
  const actions = useActions();
  const sentence = useSentence(props);
  // The name of a control begins with the words that can be seen (WCAG 2.5.3).
  const seen = [term ?? '', isOpen ? drawnPart(text) : ''].join(' ').trim();
  if (term === null && !props.isNext && !props.isTorn) return null;
  const select = () => {
    if (term !== null) actions.select({ kind: 'entry', index, term, server });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: columns out of sight are not in the page, so it is no table
    <div
      className="cell"
      role="gridcell"
      data-cell={`${server}:${index}`}
      data-index={index}
      data-term={term}
      data-committed={props.isCommitted}
      data-conflict={props.isConflict}
      data-torn={props.isTorn}
      data-selected={term !== null && props.isSelected}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={seen === '' ? sentence : `${seen}: ${sentence}`}
      title={sentence}
      style={{ left, width, ...(term === null ? {} : { backgroundColor: termColour(term) }) }}
      onClick={select}
      onKeyDown={(event) => {
        if (event.key === 'Enter') select();
      }}
    >
      {term === null ? null : <b>{term}</b>}
      {/* The space separates the two in the text of the cell, which its name repeats. */}
      {term === null || !isOpen || text === '' ? null : ' '}
      {term === null || !isOpen || text === '' ? null : <span className="cell-text">{drawnPart(text)}</span>}
      {props.isMatch ? <i className="match" /> : null}
      {props.isNext ? <i className="next" /> : null}
    </div>
  );
});

/** The sentence of a cell: the same in its tooltip and for a screen reader. */
function useSentence({ server, index, term, text, ...cell }: CellProps): string {
  const { t } = useTranslations();
  const whole = text.length > READ_LETTERS ? `${text.slice(0, READ_LETTERS)}…` : text;
  const facts = [
    term === null ? t('log.none', { server, index }) : t('log.cell', { server, index, term }),
    whole,
    term === null ? '' : t(cell.isCommitted ? 'log.committed' : 'log.uncommitted'),
    cell.isMatch ? t('log.match') : '',
    cell.isNext ? t('log.next') : '',
    cell.isConflict ? t('log.conflictLong') : '',
    cell.isTorn ? t('log.torn') : '',
  ];
  return facts.filter((fact) => fact !== '').join(t('log.comma'));
}
