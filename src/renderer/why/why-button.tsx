/** The word *why?* behind a sentence or an event: it opens the face that gives the reason. */
import './why.css';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import type { WhyQuestion } from '../store/dashboard-store.ts';

export interface WhyButtonProps extends WhyQuestion {
  /** The sentence that it is about, for screen readers. */
  readonly about: string;
  /** Called instead of opening a new question. */
  readonly onAsk?: () => void;
}

/** The button. */
export function WhyButton({ seq, of, about, onAsk }: WhyButtonProps) {
  const { t } = useTranslations();
  const actions = useActions();
  return (
    <button
      type="button"
      className="why-button"
      data-testid="why"
      data-why-seq={seq}
      data-why-of={of}
      aria-label={t('whyPanel.askOf', { text: about })}
      onClick={(event) => {
        event.stopPropagation();
        if (onAsk === undefined) actions.askWhy(seq, of);
        else onAsk();
      }}
    >
      {t('whyPanel.ask')}
    </button>
  );
}
