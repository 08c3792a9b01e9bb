/**
 * Where the page begins: picks the door (the window's bridge, or the host that served the page), puts the dashboard
 * on the screen, and says `ready` only after it has been painted, so that the first election happens in view.
 */
import '@mantine/core/styles.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/stage.css';
import './styles/side.css';
import './styles/bottom.css';
import { createRoot } from 'react-dom/client';
import type { LabDoor } from '../core/lab-api/index.ts';
import { afterPaint } from './after-paint.ts';
import { createDashboard, DashboardPage } from './dashboard.tsx';
import { createBrowserDoor } from './door/browser-door.ts';
import { createWindowDoor } from './door/window-door.ts';
import { loadLanguage } from './store/preferences.ts';
import { createWords } from './words/words.ts';

function pickDoor(): LabDoor {
  if (window.raftLab !== undefined) return createWindowDoor(window.raftLab);
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return createBrowserDoor({ url: `${scheme}://${window.location.host}/lab` });
}

function start(root: HTMLElement): void {
  const words = createWords(loadLanguage());
  const setLanguage = (language: string) => {
    document.documentElement.lang = language;
    // The window's menu speaks the language of the page.
    window.raftLab?.setLanguage(language === 'zh-CN' ? 'zh-CN' : 'en');
  };
  setLanguage(words.language);
  words.on('languageChanged', setLanguage);
  const door = pickDoor();
  const dashboard = createDashboard(door, words);
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
  createRoot(root).render(<DashboardPage dashboard={dashboard} words={words} nonce={nonce} />);
  afterPaint(() => void dashboard.actions.begin());
}

const root = document.querySelector<HTMLElement>('#root');
if (root !== null) start(root);
