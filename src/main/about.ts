/** The options of the About panel: versions, licence and folders, arranged for each system. */
import type { AboutPanelOptionsOptions } from 'electron';
import type { Translations } from '../translations/index.ts';

/**
 * @param look.icon      path of a PNG; macOS uses the app's icon
 * @param look.versions  `process.versions`
 */
export function aboutPanel(look: {
  readonly texts: Translations['menu'];
  readonly platform: NodeJS.Platform;
  readonly version: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly icon: string;
}): AboutPanelOptionsOptions {
  const { texts, platform, version, versions } = look;
  const parts = [`Electron ${versions.electron}`, `Chromium ${versions.chrome}`, `Node.js ${versions.node}`].join(
    ' · ',
  );
  const folders = `${texts.aboutData}: ${look.dataFolder}\n${texts.aboutLogs}: ${look.logFolder}`;
  const shared = { applicationName: 'Raft Lab', applicationVersion: version };
  const icon = platform === 'darwin' ? {} : { iconPath: look.icon };
  // Linux does not show credits, so all texts are in the copyright line.
  if (platform === 'linux') return { ...shared, ...icon, copyright: `${texts.aboutLicence}\n\n${parts}\n\n${folders}` };
  return { ...shared, ...icon, copyright: texts.aboutLicence, credits: `${parts}\n\n${folders}` };
}
