/** The header, 56 px: the sentence on the left; pace, runs, export, theme, language and help on the right. */
import './header.css';
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconChevronDown,
  IconDeviceDesktop,
  IconDownload,
  IconFile,
  IconFolderOpen,
  IconKeyboard,
  IconListCheck,
  IconMoon,
  IconPlayerStop,
  IconPlayerTrackNext,
  IconPlus,
  IconPresentation,
  IconRepeat,
  IconSettings,
  IconSun,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { OPENED_ENDINGS } from '../../core/lab-api/index.ts';
import { FileInput } from '../open-file.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { chooseLanguage } from '../store/preferences.ts';
import { errorText } from '../texts/reasons.ts';
import { PaceMenu } from './pace-menu.tsx';
import { Sentence } from './sentence.tsx';

/** The header. */
export function Header() {
  return (
    <header className="header">
      <Sentence />
      <div className="header-tools">
        <Protocol />
        <PaceMenu />
        <RunsMenu />
        <PresentButton />
        <ExportButton />
        <ThemeMenu />
        <LanguageButton />
        <HelpButton />
      </div>
    </header>
  );
}

/** Badges of the protocol preset and of durability, since results depend on them. */
function Protocol() {
  const { t } = useTranslations();
  const preset = useDashboardState((state) => state.view?.settings?.preset);
  const durability = useDashboardState((state) => state.view?.settings?.durability);
  if (preset === undefined || durability === undefined) return null;
  return (
    <span className="protocol" title={t('header.protocol')}>
      {t(`preset.${preset}`)} · {t(`durability.${durability}`)}
    </span>
  );
}

function RunsMenu() {
  const { t } = useTranslations();
  const actions = useActions();
  const mode = useDashboardState((state) => state.mode?.mode ?? 'idle');
  const settings = useDashboardState((state) => (state.mode?.mode === 'idle' ? null : state.mode?.settings));
  const input = useRef<HTMLInputElement>(null);
  return (
    <Menu position="bottom-end">
      <FileInput inputRef={input} label={t('header.openFile')} endings={OPENED_ENDINGS} />
      <Menu.Target>
        <button type="button" className="quiet" data-testid="runs">
          {t('header.runs')}
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => actions.setDialog('new-run')}>
          {t('header.newRun')}
        </Menu.Item>
        {settings == null ? null : (
          <Menu.Item leftSection={<IconRepeat size={16} />} onClick={() => actions.newRunLike(settings)}>
            {t('experiment.again')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconPlayerTrackNext size={16} />} onClick={() => void actions.continueRun()}>
          {t('header.continueRun')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={() => actions.setDialog('runs')}>
          {t('header.openRun')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFile size={16} />} onClick={() => input.current?.click()}>
          {t('header.openFile')}
        </Menu.Item>
        <Menu.Item leftSection={<IconListCheck size={16} />} onClick={() => actions.setDialog('scenarios')}>
          {t('scenario.menu')}
        </Menu.Item>
        {mode === 'idle' ? null : (
          <Menu.Item leftSection={<IconPlayerStop size={16} />} onClick={() => void actions.closeRun()}>
            {mode === 'past' ? t('header.backToLive') : t('header.closeRun')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function PresentButton() {
  const { t } = useTranslations();
  const actions = useActions();
  const isPresenting = useDashboardState((state) => state.isPresenting);
  return (
    <ActionIcon
      aria-label={t('header.present')}
      aria-pressed={isPresenting}
      title={`${t('header.present')} (B)`}
      data-testid="present"
      onClick={() => actions.togglePresentation()}
    >
      <IconPresentation size={18} stroke={1.75} aria-hidden="true" />
    </ActionIcon>
  );
}

function ExportButton() {
  const { t } = useTranslations();
  const actions = useActions();
  const isIdle = useDashboardState((state) => state.mode === null || state.mode.mode === 'idle');
  const problem = useDashboardState((state) => state.problems.find((one) => one.place === 'export'));
  return (
    <>
      {problem === undefined ? null : (
        <span className="problem" role="alert">
          {errorText(t, problem.error)}
        </span>
      )}
      <ActionIcon
        aria-label={t('header.export')}
        title={`${t('header.export')} (E)`}
        data-testid="export"
        disabled={isIdle}
        onClick={() => void actions.exportRun()}
      >
        <IconDownload size={18} stroke={1.75} aria-hidden="true" />
      </ActionIcon>
    </>
  );
}

function ThemeMenu() {
  const { t } = useTranslations();
  const actions = useActions();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const;
  const names = { light: t('header.themeLight'), dark: t('header.themeDark'), auto: t('header.themeAuto') } as const;
  const Current = icons[colorScheme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          aria-label={`${t('header.theme')}: ${names[colorScheme]}`}
          title={t('header.theme')}
          data-testid="theme"
        >
          <Current size={18} stroke={1.75} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] as const).map((scheme) => {
          const Icon = icons[scheme];
          return (
            <Menu.Item
              key={scheme}
              data-current={scheme === colorScheme}
              leftSection={<Icon size={16} />}
              onClick={() => setColorScheme(scheme)}
            >
              {names[scheme]}
            </Menu.Item>
          );
        })}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={16} />}
          data-testid="settings-open"
          onClick={() => actions.setDialog('settings')}
        >
          {t('settings.menu')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function LanguageButton() {
  const { t, language } = useTranslations();
  const { i18n } = useTranslation();
  return (
    <button
      type="button"
      className="quiet"
      data-testid="language"
      lang={language === 'en' ? 'zh-CN' : 'en'}
      title={t('header.languageLabel')}
      onClick={() => chooseLanguage(i18n, language === 'en' ? 'zh-CN' : 'en')}
    >
      {t('header.language')}
    </button>
  );
}

function HelpButton() {
  const { t } = useTranslations();
  const actions = useActions();
  return (
    <ActionIcon
      aria-label={t('header.help')}
      title={`${t('header.help')} (?)`}
      data-testid="help"
      onClick={() => actions.setDialog('help')}
    >
      <IconKeyboard size={18} stroke={1.75} aria-hidden="true" />
    </ActionIcon>
  );
}
