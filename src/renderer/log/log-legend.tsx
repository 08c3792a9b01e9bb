/** The line below the log that names the signs which are present now. */
import { useTranslations } from '../store/dashboard-context.ts';
import { type CellModel, SIGNS } from './log-model.ts';

/** The legend of these cells. */
export function LogLegend({ cells }: { readonly cells: readonly CellModel[] }) {
  const { t } = useTranslations();
  return (
    <ul className="logs-legend" data-testid="log-legend">
      {SIGNS.filter(({ isOn }) => cells.some(isOn)).map(({ key }) => (
        <li key={key}>
          <i className={`sign sign-${key}`} />
          {t(`log.${key}`)}
        </li>
      ))}
    </ul>
  );
}
