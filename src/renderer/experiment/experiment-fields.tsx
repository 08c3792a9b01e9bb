/** The experiment: the ruler, the fields of the timing, and the warnings about what cannot work. */
import './experiment-fields.css';
import { IconAlertTriangle, IconFlask } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DEFAULT_TIMING, type Experiment, experimentWarnings, type Timing } from '../../core/vocabulary/index.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { isOfPace } from './draft.ts';
import { Ruler } from './ruler.tsx';
import { type TimingEdit, TimingInput } from './timing-input.tsx';

export interface ExperimentFieldsProps {
  readonly experiment: Experiment;
  readonly onChange: (timing: Timing) => void;
  /** Further fields behind the timing's, such as the seed. */
  readonly children?: ReactNode;
}

/** Maximum number of warnings that are shown; the gravest come first. */
const SHOWN = 2;

/** The right half of *New run*, and the whole of a running cluster's timing. */
export function ExperimentFields({ experiment, onChange, children }: ExperimentFieldsProps) {
  const { t } = useTranslations();
  const edit: TimingEdit = { timing: experiment, pace: experiment.pace, onChange };
  const isOwn = !isOfPace(experiment, experiment.pace);
  return (
    <section className="experiment" aria-label={t('experiment.title')}>
      <div className="experiment-head">
        <h3>
          <IconFlask size={18} stroke={1.75} aria-hidden="true" />
          {t('experiment.title')}
        </h3>
        {isOwn ? (
          <button type="button" className="quiet" data-testid="timing-own" onClick={() => onChange(DEFAULT_TIMING)}>
            {t('experiment.own')}
          </button>
        ) : null}
      </div>
      <Ruler experiment={experiment} />
      <div className="experiment-fields">
        <Field label={t('experiment.electionField')} unit={t('experiment.ms')}>
          <TimingInput edit={edit} name="electionTicks" label={t('experiment.shortest')} />
          <span aria-hidden="true">–</span>
          <TimingInput edit={edit} name="electionMaxTicks" label={t('experiment.longest')} />
        </Field>
        <Field label={t('experiment.heartbeatField')} unit={t('experiment.ms')}>
          <TimingInput edit={edit} name="heartbeatTicks" label={t('experiment.heartbeatLong')} />
        </Field>
        <Field label={t('experiment.hopField')} unit={t('experiment.ms')}>
          <TimingInput edit={edit} name="hopTicks" label={t('experiment.hop')} />
          <span aria-hidden="true">±</span>
          <TimingInput edit={edit} name="jitterTicks" label={t('experiment.jitter')} />
        </Field>
        <Field label={t('experiment.lossField')} unit="%">
          <TimingInput edit={edit} name="lossPercent" label={t('experiment.loss')} />
        </Field>
        {children}
      </div>
      <Warnings experiment={experiment} />
    </section>
  );
}

/** One field: its label, its box and its unit. */
export function Field(props: { readonly label: string; readonly unit: ReactNode; readonly children: ReactNode }) {
  return (
    <div>
      <p className="label">{props.label}</p>
      <div className="timing-box">
        {props.children}
        <span className="faint unit">{props.unit}</span>
      </div>
    </div>
  );
}

function Warnings({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslations();
  return (
    <div aria-live="polite" data-testid="experiment-warnings">
      {experimentWarnings(experiment)
        .slice(0, SHOWN)
        .map(({ code, params }) => (
          <p key={code} className="amber experiment-warning" data-code={code}>
            <IconAlertTriangle size={18} stroke={1.75} aria-hidden="true" />
            {t(`experiment.warning.${code}`, params)}
          </p>
        ))}
    </div>
  );
}
