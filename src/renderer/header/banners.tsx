/** Banners under the header: connection lost, a picture that is late, a recording in place of the live cluster. */
import './banners.css';
import { IconFileAlert, IconHistory, IconHourglass, IconPlugConnectedX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { flawInWords, flawWord, type LabMode, type TraceFlaw } from '../../core/lab-api/index.ts';
import { RunsProblem } from '../runs/runs-problem.tsx';
import { useActions, useDashboard, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { inLanguage } from '../texts/both-languages.ts';
import { formatClock } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import { ViolationBanner } from './violation-banner.tsx';

/** All banners that apply now. */
export function Banners() {
  const { t } = useTranslations();
  const connection = useDashboardState((state) => state.connection);
  const mode = useDashboardState((state) => state.mode);
  return (
    <section className="banners" aria-label={t('banner.label')}>
      {connection !== 'open' && connection !== 'connecting' ? (
        <p className="banner banner-bad" role="status" data-testid="banner-lost">
          <IconPlugConnectedX size={18} aria-hidden="true" />
          {t(`banner.${connection}`)}
        </p>
      ) : null}
      <ViolationBanner />
      <FileProblem />
      <LagBanner />
      <ReadingBanner />
      {mode?.mode === 'past' ? <PastBanner {...mode} /> : null}
      {mode?.mode === 'past' && mode.flaw !== undefined ? <FlawBanner flaw={mode.flaw} /> : null}
      {mode?.mode === 'live' || mode?.mode === 'past' ? <RunsProblem /> : null}
    </section>
  );
}

/** The delay of picture and judges behind the cluster. Renders nothing while both keep up. */
function LagBanner() {
  const { t } = useTranslations();
  const lag = useDashboardState((state) => state.lag);
  if (lag === null) return null;
  const picture = Math.floor(lag.pictureUs / 1_000_000);
  const judges = Math.floor(lag.judgesUs / 1_000_000);
  const params = { picture, judges, events: lag.judgesEvents };
  const key = picture === 0 ? 'judgesBehind' : judges === 0 ? 'pictureBehind' : 'bothBehind';
  return (
    <p className="banner banner-past" data-testid="banner-lag">
      <IconHourglass size={18} aria-hidden="true" />
      <span className="numbers">{t(`banner.${key}`, params)}</span>
    </p>
  );
}

/** The part of a recording that has been read. Renders nothing while no recording is read, or when it opens at once. */
function ReadingBanner() {
  const { t } = useTranslations();
  const reading = useDashboardState((state) => state.reading);
  if (reading === null) return null;
  const text = t('banner.reading', { percent: Math.floor(reading * 100) });
  return (
    <p className="banner banner-past" data-testid="banner-reading">
      <IconHourglass size={18} aria-hidden="true" />
      <span className="numbers">{text}</span>
      <progress value={reading} aria-label={text} />
    </p>
  );
}

/** The reason why a file was not opened or a scenario of the menu not played, when no panel shows it. */
function FileProblem() {
  const { t } = useTranslations();
  const actions = useActions();
  const problem = useDashboardState(({ problems, dialog, view }) => {
    const isElsewhere = dialog === 'scenarios' || (view?.scenario ?? null) !== null;
    return (
      problems.find(({ place }) => place === 'file') ??
      (isElsewhere ? undefined : problems.find(({ place }) => place === 'scenario'))
    );
  });
  if (problem === undefined) return null;
  return (
    <p className="banner banner-bad" role="alert" data-testid="banner-file">
      <IconFileAlert size={18} aria-hidden="true" />
      <span>{errorText(t, problem.error)}</span>
      <button type="button" className="quiet" onClick={() => actions.clearProblem(problem.place)}>
        {t('action.dismiss')}
      </button>
    </p>
  );
}

/** The end of the readable part of a recording, with the reason. Only that part is shown. */
function FlawBanner({ flaw }: { readonly flaw: TraceFlaw }) {
  const { t } = useTranslations();
  const word = flawWord(flaw);
  return (
    <p className={word === 'damaged' ? 'banner banner-bad' : 'banner'} role="status" data-testid="banner-flaw">
      <IconFileAlert size={18} aria-hidden="true" />
      <span>{t(`banner.${word}`, { flaw: inLanguage(t, flawInWords(flaw)) })}</span>
    </p>
  );
}

type PastProps = Extract<LabMode, { readonly mode: 'past' }>;

/** The name of the recording, the shown moment, and a slider to any other moment. */
function PastBanner({ runId, file, fromUs, toUs, atUs }: PastProps) {
  const { t } = useTranslations();
  const name = file === undefined ? t('banner.past', { run: runId }) : t('banner.pastFile', { file });
  const actions = useActions();
  const { feed } = useDashboard();
  const [wantedUs, setWantedUs] = useState<number | null>(null);
  const asking = useRef<{ next: number | null }>({ next: null });
  const isAsking = useRef(false);

  /** Requests one moment at a time; while one is awaited, only the last chosen moment is kept. */
  async function show(timeUs: number): Promise<void> {
    asking.current.next = timeUs;
    if (isAsking.current) return;
    isAsking.current = true;
    while (asking.current.next !== null) {
      const next = asking.current.next;
      asking.current.next = null;
      const result = await actions.ask('viewAt', { timeUs: next });
      if (result.ok) feed.showPast(result.value, next);
    }
    isAsking.current = false;
    setWantedUs(null);
  }

  return (
    <p className="banner banner-past" data-testid="banner-past">
      <IconHistory size={18} aria-hidden="true" />
      <strong className="past-name" title={name}>
        {name}
      </strong>
      <input
        type="range"
        className="past-slider"
        aria-label={name}
        min={fromUs}
        max={toUs}
        step={10_000}
        value={wantedUs ?? atUs}
        onChange={(event) => {
          const timeUs = Number(event.currentTarget.value);
          setWantedUs(timeUs);
          void show(timeUs);
        }}
      />
      <span className="numbers past-moment">
        {t('banner.pastAt', { time: formatClock(wantedUs ?? atUs), end: formatClock(toUs) })}
      </span>
      <span className="faint past-hint" title={t('banner.pastHint')}>
        {t('banner.pastHint')}
      </span>
      <button type="button" className="quiet" onClick={() => void actions.closeRun()}>
        {t('header.backToLive')}
      </button>
    </p>
  );
}
