/**
 * The preview of the dashboard over the one-thread lab, for development; it is never shipped. `?state=` opens a state of states.ts;
 * `lang`, `theme`, `servers` and `term` are optional. With `manual` only a script moves the clock, and menus open without
 * transitions. Scripts use the lab as `window.lab`. The page includes a Chinese font for machines without one.
 */
import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/600.css';
import { createRoot } from 'react-dom/client';
import { createDashboard, DashboardPage } from '../../../src/renderer/dashboard.tsx';
import { createTranslations } from '../../../src/renderer/texts/translations.ts';
import { createOneThreadLab } from '../one-thread-lab.ts';
import { stateOf } from './states.ts';

const query = new URLSearchParams(window.location.search);
const language = query.get('lang') === 'zh-CN' ? 'zh-CN' : 'en';
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
const lab = createOneThreadLab({ seed: Number(query.get('seed') ?? 7), firstTerm: Number(query.get('term') ?? 0) });
const translations = createTranslations(language);
document.documentElement.lang = language;
localStorage.clear();
const dashboard = createDashboard(lab.door, translations);
Object.assign(window, { lab, dashboard });
const root = document.querySelector('#root');
const env = query.has('manual') ? 'test' : 'default';
if (root !== null) {
  createRoot(root).render(
    <DashboardPage dashboard={dashboard} translations={translations} colorScheme={theme} env={env} />,
  );
}
void lab.door.ask('createRun', {
  servers: Number(query.get('servers') ?? 5),
  pace: query.get('pace') === 'real' ? 'real' : 'classroom',
});
const state = stateOf(query.get('state'));
if (state !== undefined) {
  lab.advanceUntil((view) => view.leader !== null);
  lab.advance(800);
  void state.make({ lab, actions: dashboard.actions });
}
if (!query.has('manual')) {
  let lastMs = performance.now();
  setInterval(() => {
    const nowMs = performance.now();
    lab.advance(nowMs - lastMs);
    lastMs = nowMs;
  }, 33);
}
