/**
 * The entry of the page: it chooses the door (the window's bridge, or the host that served the page), renders the dashboard,
 * and reports `ready` after the first paint, so that the first election is seen.
 */
import { createRoot } from 'react-dom/client';
import type { LabDoor, SettingsState } from '../core/lab-api/index.ts';
import { afterPaint } from './after-paint.ts';
import { createDashboard, DashboardPage } from './dashboard.tsx';
import { createBrowserDoor } from './door/browser-door.ts';
import { createWindowDoor } from './door/window-door.ts';
import { loadLanguage } from './store/preferences.ts';
import { createTranslations } from './texts/translations.ts';

function pickDoor(): LabDoor {
  if (window.raftLab !== undefined) return createWindowDoor(window.raftLab);
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return createBrowserDoor({ url: `${scheme}://${window.location.host}/lab` });
}

async function start(root: HTMLElement): Promise<void> {
  const translations = createTranslations(loadLanguage(await windowSettings()));
  const setLanguage = (language: string) => {
    document.documentElement.lang = language;
    // The window's menu speaks the language of the page.
    window.raftLab?.setLanguage(language === 'zh-CN' ? 'zh-CN' : 'en');
  };
  setLanguage(translations.language);
  translations.on('languageChanged', setLanguage);
  const door = pickDoor();
  const dashboard = createDashboard(door, translations);
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
  createRoot(root).render(<DashboardPage dashboard={dashboard} translations={translations} nonce={nonce} />);
  afterPaint(() => void dashboard.actions.begin());
}

/** The settings of the window; null in a browser, and when the window does not answer. */
async function windowSettings(): Promise<SettingsState | null> {
  try {
    return (await window.raftLab?.readSettings()) ?? null;
  } catch (problem) {
    console.warn('the settings could not be read', problem);
    return null;
  }
}

const root = document.querySelector<HTMLElement>('#root');
if (root !== null) void start(root);
