/**
 * The face *why?*: the sentence in question, its reason, its rule, and the evidence with times and servers. Each event of the
 * evidence can be asked in turn, so a person follows the chain of causes; *Back* returns to the question before.
 */
import { IconArrowLeft } from '@tabler/icons-react';
import { eventText } from '../events/event-text.ts';
import { Face } from '../side/face.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import type { WhyQuestion } from '../store/dashboard-store.ts';
import { useAsked } from '../store/use-asked.ts';
import { formatClock } from '../texts/format.ts';
import { captionText, errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';
import { WhyButton } from './why-button.tsx';
import { evidenceText, sourceText, type Why, type WhyEvidence, whyText } from './why-text.ts';

/** The reason does not change, so the question is asked once. */
const GAP_MS = 0;

/** The face; without a question the lab is not asked. */
export function WhyFace() {
  const { t } = useTranslations();
  const actions = useActions();
  const asked = useDashboardState((state) => state.whyAsked);
  const question = asked.at(-1);
  const back =
    asked.length < 2 ? null : (
      <button type="button" className="quiet why-back" data-testid="why-back" onClick={() => actions.whyBack()}>
        <IconArrowLeft size={16} aria-hidden="true" />
        {t('whyPanel.back')}
      </button>
    );
  return (
    <Face name="why" tools={back}>
      {question === undefined ? null : <Reason key={`${question.seq} ${question.of ?? ''}`} question={question} />}
    </Face>
  );
}

function Reason({ question }: { readonly question: WhyQuestion }) {
  const { t } = useTranslations();
  const answer = useAsked('why', question, JSON.stringify(question), GAP_MS);
  if (answer === null) return <p className="faint">{t('whyPanel.reading')}</p>;
  if (!answer.ok) return <p className="problem">{errorText(t, answer.error)}</p>;
  const why = answer.value;
  if (why === null) return <p className="faint">{t('whyPanel.nothing')}</p>;
  const source = sourceText(t, why);
  return (
    <div className="why-reason" data-testid="why-reason" data-code={why.code}>
      <p className="why-of">
        <span className="why-time">{formatClock(why.event.timeUs)}</span> <span>{questionText(t, why)}</span>
      </p>
      <p className="why-says" aria-live="polite">
        {whyText(t, why)}
      </p>
      {source === null ? null : <p className="why-source">{source}</p>}
      {why.evidence.length === 0 ? null : <Evidence evidence={why.evidence} />}
    </div>
  );
}

function Evidence({ evidence }: { readonly evidence: readonly WhyEvidence[] }) {
  const { t } = useTranslations();
  return (
    <ul className="why-evidence" aria-label={t('whyPanel.evidence')}>
      {evidence.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the evidence of one answer never changes
        <EvidenceLine key={at} evidence={one} />
      ))}
    </ul>
  );
}

function EvidenceLine({ evidence }: { readonly evidence: WhyEvidence }) {
  const { t } = useTranslations();
  const actions = useActions();
  const { event, fact } = evidence;
  const text = evidenceText(t, evidence);
  return (
    <li>
      <span className="why-time">{event === null ? '' : formatClock(event.timeUs)}</span>
      <span className="why-server">{fact?.server ?? event?.source}</span>
      <span className="why-text">{text}</span>
      {event === null ? null : (
        <WhyButton seq={event.seq} of="event" about={text} onAsk={() => actions.askWhyOfEvidence(event.seq)} />
      )}
    </li>
  );
}

/** The sentence in question: that of the story, or the line of the event. */
function questionText(t: Translate, { event, told }: Why): string {
  if (told !== null) return captionText(t, told);
  return `${event.source} ${eventText(t, event)}`;
}
