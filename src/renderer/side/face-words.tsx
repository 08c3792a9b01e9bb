/** The words at the right of the bottom line. Each opens a face of the side, with its key beside it; the open one is bold. */
import './face-words.css';
import { KEYS } from '../keys/key-table.ts';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { FACE_NAMES, FACES } from './faces.ts';

/** The words. Renders nothing without an open run. */
export function FaceWords() {
  const { t } = useTranslations();
  const actions = useActions();
  const open = useDashboardState((state) => state.face);
  const hasRun = useDashboardState(({ mode, view }) => view !== null && mode !== null && mode.mode !== 'idle');
  if (!hasRun) return null;
  return (
    <nav className="face-words" aria-label={t('face.choose')}>
      {FACE_NAMES.map((name) => {
        const { key } = FACES[name];
        if (key === null) return null;
        return (
          <button
            key={name}
            type="button"
            className="quiet face-word"
            data-testid={`show-${name}`}
            aria-pressed={open === name}
            onClick={() => actions.showFace(name)}
          >
            <span data-bold={t(`faceTitle.${name}`)}>{t(`faceTitle.${name}`)}</span>
            {KEYS[key].printed.map((printed) => (
              <kbd key={printed}>{printed}</kbd>
            ))}
          </button>
        );
      })}
    </nav>
  );
}
