/**
 * The menu items for the page's actions, as data: new run, recent runs, scenarios, killing the leader, language and
 * theme. Each item sends one WindowAction to the page, which carries it out as it does for its own buttons.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { Language, ScenarioSummary, WindowAction, WindowTheme } from '../core/lab-api/index.ts';
import type { Translations } from '../translations/index.ts';
import type { LabFacts } from './lab-facts.ts';

type Item = MenuItemConstructorOptions;

/** The state these items show, and their actions. */
export interface LabMenu {
  readonly texts: Translations['menu'];
  readonly language: Language;
  readonly theme: WindowTheme;
  readonly facts: LabFacts;
  /** Whether the lab is being closed: items that need it are disabled. */
  readonly isClosing: boolean;
  readonly act: (action: WindowAction) => void;
}

const LINE: Item = { type: 'separator' };

/** Each language by its own name, so that a person finds it in any language. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '中文' };

/** The part of the File menu about runs. */
export function runItems({ texts, language, facts, isClosing, act }: LabMenu): Item[] {
  const enabled = !isClosing;
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const recent = facts.runs.map(({ runId, startedAt }) => ({
    id: `open-${runId}`,
    label: escapeLabel(`${date.format(new Date(startedAt))} · ${runId}`),
    enabled,
    click: () => act({ action: 'open-run', runId }),
  }));
  return [
    {
      id: 'new-run',
      label: texts.newRun,
      accelerator: 'CmdOrCtrl+N',
      enabled,
      click: () => act({ action: 'show-dialog', dialog: 'new-run' }),
    },
    {
      id: 'open-run',
      label: texts.openRun,
      enabled,
      submenu: [
        ...recent,
        ...(recent.length === 0 ? [] : [LINE]),
        {
          id: 'all-runs',
          label: texts.allRuns,
          enabled,
          click: () => act({ action: 'show-dialog', dialog: 'runs' }),
        },
      ],
    },
    {
      id: 'export',
      label: texts.export,
      accelerator: 'CmdOrCtrl+S',
      enabled: enabled && facts.mode !== 'idle',
      click: () => act({ action: 'export-run' }),
    },
  ];
}

/** The Cluster menu. */
export function clusterItems({ texts, language, facts, isClosing, act }: LabMenu): Item[] {
  const enabled = !isClosing;
  const groups = [...new Set(facts.scenarios.map(({ part }) => part))].map((part) =>
    facts.scenarios.filter((scenario) => scenario.part === part),
  );
  const item = ({ name, title }: ScenarioSummary): Item => ({
    id: `play-${name}`,
    label: escapeLabel(language === 'zh-CN' ? title.zh : title.en),
    enabled,
    click: () => act({ action: 'play-scenario', name }),
  });
  return [
    {
      id: 'play-scenario',
      label: texts.playScenario,
      enabled,
      submenu: [
        ...groups.flatMap((group) => [...group.map(item), LINE]),
        {
          id: 'all-scenarios',
          label: texts.allScenarios,
          enabled,
          click: () => act({ action: 'show-dialog', dialog: 'scenarios' }),
        },
      ],
    },
    {
      id: 'stop-scenario',
      label: texts.stopScenario,
      enabled: enabled && facts.playing !== null,
      click: () => act({ action: 'stop-scenario' }),
    },
    LINE,
    {
      id: 'kill-leader',
      label: texts.killLeader,
      enabled: enabled && facts.mode === 'live',
      click: () => act({ action: 'kill-leader' }),
    },
  ];
}

/** The part of the View menu about language and theme; the present choice is marked. */
export function lookItems({ texts, language, theme, act }: LabMenu): Item[] {
  const themes = { light: texts.themeLight, dark: texts.themeDark, system: texts.themeSystem } as const;
  return [
    {
      id: 'language',
      label: texts.language,
      submenu: (Object.keys(LANGUAGE_NAMES) as Language[]).map((one) => ({
        id: `language-${one}`,
        type: 'radio',
        label: LANGUAGE_NAMES[one],
        checked: one === language,
        click: () => act({ action: 'set-language', language: one }),
      })),
    },
    {
      id: 'theme',
      label: texts.theme,
      submenu: (Object.keys(themes) as WindowTheme[]).map((one) => ({
        id: `theme-${one}`,
        type: 'radio',
        label: themes[one],
        checked: one === theme,
        click: () => act({ action: 'set-theme', theme: one }),
      })),
    },
  ];
}

/** Doubles each `&`, since a single one marks the letter of a keyboard shortcut. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}
