/** The dialog of the built-in scenarios, grouped by the part of the course report; one click plays a scenario. */
import './scenarios-dialog.css';
import { useRef } from 'react';
import { SCENARIO_ENDINGS, type ScenarioSummary } from '../../core/lab-api/index.ts';
import { TRANSLATIONS, type Translations } from '../../translations/index.ts';
import { Dialog } from '../kit/dialog.tsx';
import { FileInput } from '../open-file.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { useAskedOnce } from '../store/use-asked.ts';
import { inLanguage } from '../texts/both-languages.ts';
import { errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';

/** The dialog; renders its contents only while it is open. */
export function ScenariosDialog() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'scenarios');
  return (
    <Dialog isOpen={isOpen} title={t('scenario.dialog')} size="xl">
      {isOpen ? <Scenarios /> : null}
    </Dialog>
  );
}

function Scenarios() {
  const { t } = useTranslations();
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'scenario'));
  const all = useAskedOnce('listScenarios');
  if (all === null) return <p className="faint">{t('scenario.loading')}</p>;
  if (!all.ok) return <p className="problem">{errorText(t, all.error)}</p>;
  if (all.value.length === 0) return <p className="faint">{t('scenario.none')}</p>;
  const parts = [...new Set(all.value.map(({ part }) => part))];
  return (
    <>
      <p className="faint">{t('scenario.intro')}</p>
      <OwnFile />
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {errorText(t, problem.error)}
        </p>
      )}
      {parts.map((part) => (
        <section key={part} className="scenarios" aria-label={partText(t, part)}>
          <p className="label">{partText(t, part)}</p>
          <ul className="runs">
            {all.value
              .filter((one) => one.part === part)
              .map((one) => (
                <Row key={one.name} scenario={one} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** The name of a part of the report in the language of the page; the part itself when no text is known. */
function partText(t: Translate, part: string): string {
  if (part === '') return t('scenario.others');
  const isKnown = Object.hasOwn(TRANSLATIONS.en.scenario.parts, part);
  return isKnown ? t(`scenario.parts.${part as keyof Translations['scenario']['parts']}`) : part;
}

/** A button that opens a person's own scenario file. */
function OwnFile() {
  const { t } = useTranslations();
  const input = useRef<HTMLInputElement>(null);
  return (
    <p>
      <button type="button" className="quiet" data-testid="open-scenario" onClick={() => input.current?.click()}>
        {t('scenario.openFile')}
      </button>
      <FileInput inputRef={input} label={t('scenario.openFile')} endings={SCENARIO_ENDINGS} />
    </p>
  );
}

function Row({ scenario }: { readonly scenario: ScenarioSummary }) {
  const { t } = useTranslations();
  const actions = useActions();
  const { name, title, servers } = scenario;
  return (
    <li>
      <span>{inLanguage(t, title)}</span>
      <span className="faint mono">{name}</span>
      <span className="faint">{t('scenario.servers', { count: servers })}</span>
      <button
        type="button"
        className="quiet"
        data-testid={`play-${name}`}
        onClick={() => void actions.playScenario(name, null)}
      >
        {t('scenario.play')}
      </button>
    </li>
  );
}
