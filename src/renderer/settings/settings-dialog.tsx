/**
 * The settings page. A browser shows language, theme and the place of the recordings; the window also shows the settings
 * that only its main process can change. Each change takes effect at once or says when it will.
 */
import { Group, Stack, useMantineColorScheme } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsState } from '../../core/lab-api/index.ts';
import { Choice } from '../kit/choice.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useActions, useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { chooseLanguage, chosenLanguage, systemLanguage } from '../store/preferences.ts';
import { useAskedOnce } from '../store/use-asked.ts';
import { errorText } from '../texts/reasons.ts';
import { type UsedSettings, useWindowSettings } from './use-window-settings.ts';

/** The settings page. The theme menu and the window's menu bar open it. */
export function SettingsDialog() {
  const { t } = useTranslations();
  const isOpen = useDashboardState((state) => state.dialog === 'settings');
  return (
    <Dialog isOpen={isOpen} title={t('settings.title')} size="lg">
      {isOpen ? <Settings /> : null}
    </Dialog>
  );
}

function Settings() {
  const { t } = useTranslations();
  const used = useWindowSettings(window.raftLab);
  return (
    <Stack gap="md" data-testid="settings">
      <LanguageChoice used={used} />
      <ThemeChoice />
      {window.raftLab === undefined ? <BrowserPart /> : <WindowPart used={used} />}
      {used.problem === null ? null : (
        <p className="problem" role="alert">
          {errorText(t, used.problem)}
        </p>
      )}
    </Stack>
  );
}

function LanguageChoice({ used }: { readonly used: UsedSettings }) {
  const { t } = useTranslations();
  const { i18n } = useTranslation();
  const [here, setHere] = useState(chosenLanguage);
  return (
    <Choice
      label={t('settings.language')}
      value={used.state?.settings.language ?? here}
      onChange={async (language) => {
        setHere(language);
        await used.change({ language });
        chooseLanguage(i18n, language, used.state?.systemLanguage ?? systemLanguage());
      }}
      data={[
        { value: 'system', label: t('header.themeAuto') },
        { value: 'en', label: 'English' },
        { value: 'zh-CN', label: '中文' },
      ]}
    />
  );
}

function ThemeChoice() {
  const { t } = useTranslations();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Choice
      label={t('header.theme')}
      value={colorScheme}
      onChange={setColorScheme}
      data={[
        { value: 'auto', label: t('header.themeAuto') },
        { value: 'light', label: t('header.themeLight') },
        { value: 'dark', label: t('header.themeDark') },
      ]}
    />
  );
}

function BrowserPart() {
  const { t } = useTranslations();
  const answer = useAskedOnce('dataFolder');
  return (
    <>
      {answer?.ok ? <Folder path={answer.value.path} /> : null}
      <p className="faint">{t('settings.inBrowser')}</p>
    </>
  );
}

function WindowPart({ used }: { readonly used: UsedSettings }) {
  const { t } = useTranslations();
  const actions = useActions();
  const { state } = used;
  if (state === null) return null;
  const { hardwareAcceleration, keepAwake } = state.settings;
  return (
    <>
      <FolderChoice used={used} state={state} />
      <OnOff
        label={t('settings.acceleration')}
        on={hardwareAcceleration}
        onChange={(on) => used.change({ hardwareAcceleration: on })}
      />
      {hardwareAcceleration === state.isAccelerated ? null : <p className="faint">{t('settings.nextStart')}</p>}
      <OnOff label={t('settings.keepAwake')} on={keepAwake} onChange={(on) => used.change({ keepAwake: on })} />
      <Group gap="xs" ml={-8}>
        <Quiet name="open-logs" onPress={() => used.act('open-logs')}>
          {t('settings.openLogs')}
        </Quiet>
        <Quiet
          name="copy-report"
          onPress={async () => {
            if (await used.act('copy-report')) actions.toast(t('settings.reportCopied'));
          }}
        >
          {t('settings.copyReport')}
        </Quiet>
      </Group>
    </>
  );
}

function FolderChoice({ used, state }: { readonly used: UsedSettings; readonly state: SettingsState }) {
  const { t } = useTranslations();
  const { dataFolder, isFolderFixed, nextDataFolder, settings, unusableFolder } = state;
  return (
    <div>
      <Folder path={dataFolder} />
      {unusableFolder === null ? null : (
        <p className="problem path" data-testid="settings-unusable-folder">
          {t('settings.folderUnusable', { ...unusableFolder })}
        </p>
      )}
      {dataFolder === nextDataFolder || nextDataFolder === unusableFolder?.path ? null : (
        <p className="faint path" data-testid="settings-next-folder">
          {t('settings.nextFolder', { path: nextDataFolder })}
        </p>
      )}
      {isFolderFixed ? <p className="faint">{t('settings.folderFixed')}</p> : null}
      <Group gap="xs" ml={-8}>
        <Quiet name="open-data-folder" onPress={() => used.act('open-data-folder')}>
          {t('settings.openFolder')}
        </Quiet>
        <Quiet name="choose-data-folder" isDisabled={isFolderFixed} onPress={() => used.act('choose-data-folder')}>
          {t('settings.chooseFolder')}
        </Quiet>
        {settings.dataFolder === null ? null : (
          <Quiet name="use-usual-data-folder" onPress={() => used.act('use-usual-data-folder')}>
            {t('settings.usualFolder')}
          </Quiet>
        )}
      </Group>
    </div>
  );
}

function Folder({ path }: { readonly path: string }) {
  const { t } = useTranslations();
  return (
    <>
      <p className="label">{t('settings.folder')}</p>
      <p className="mono path" data-testid="settings-folder">
        {path}
      </p>
    </>
  );
}

interface OnOffProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => unknown;
}

function OnOff({ label, on, onChange }: OnOffProps) {
  const { t } = useTranslations();
  return (
    <Choice
      label={label}
      value={on ? 'on' : 'off'}
      onChange={(value) => onChange(value === 'on')}
      data={[
        { value: 'on', label: t('settings.on') },
        { value: 'off', label: t('settings.off') },
      ]}
    />
  );
}

interface QuietProps {
  readonly name: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => unknown;
  readonly children: ReactNode;
}

function Quiet({ name, isDisabled = false, onPress, children }: QuietProps) {
  return (
    <button
      type="button"
      className="quiet"
      data-testid={`settings-${name}`}
      disabled={isDisabled}
      onClick={() => void onPress()}
    >
      {children}
    </button>
  );
}
