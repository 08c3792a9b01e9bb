/** The reason why a run was not continued or opened, wherever a person can try it. */
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { errorText } from '../texts/reasons.ts';

/** The error, and a button that takes the run over when it was left open elsewhere. Renders nothing without an error. */
export function RunsProblem() {
  const { t } = useTranslations();
  const actions = useActions();
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'runs'));
  if (problem === undefined) return null;
  const { code, params } = problem.error;
  return (
    <>
      <p className="problem" role="alert">
        {errorText(t, problem.error)}
      </p>
      {code === 'run-left-elsewhere' ? (
        <button
          type="button"
          className="quiet"
          data-testid="take-over"
          onClick={() => void actions.continueRun(String(params.runId), true)}
        >
          {t('runsList.takeOver')}
        </button>
      ) : null}
    </>
  );
}
