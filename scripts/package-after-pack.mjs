/**
 * A hook that electron-builder calls between packing and signing. On macOS it turns App Nap off for the app and all its
 * helpers. The servers are helpers without a window, and App Nap would delay their election timers while the window is
 * hidden.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NO_APP_NAP = '    <key>LSAppNapIsDisabled</key>\n    <true/>\n';

/**
 * @param {string} plist  an Info.plist in XML
 * @returns {string} the same text with App Nap turned off
 * @throws Error when the text is no XML property list
 */
export function withoutAppNap(plist) {
  if (plist.includes('<key>LSAppNapIsDisabled</key>')) return plist;
  const end = plist.lastIndexOf('</dict>');
  if (end === -1) throw new Error('Info.plist is no XML property list');
  const lineStart = plist.lastIndexOf('\n', end) + 1;
  return `${plist.slice(0, lineStart)}${NO_APP_NAP}${plist.slice(lineStart)}`;
}

/**
 * @param {string} app  path of an app bundle
 * @returns {readonly string[]} paths of its Info.plist and of those of its helpers
 */
export function infoPlists(app) {
  const frameworks = join(app, 'Contents', 'Frameworks');
  const helpers = existsSync(frameworks) ? readdirSync(frameworks).filter((name) => name.endsWith('.app')) : [];
  return [app, ...helpers.map((name) => join(frameworks, name))].map((one) => join(one, 'Contents', 'Info.plist'));
}

/**
 * @param {{ electronPlatformName: string, appOutDir: string, packager: { appInfo: { productFilename: string } } }} context
 * @returns {void}
 */
export function afterPack({ electronPlatformName, appOutDir, packager }) {
  if (electronPlatformName !== 'darwin') return;
  for (const file of infoPlists(join(appOutDir, `${packager.appInfo.productFilename}.app`))) {
    writeFileSync(file, withoutAppNap(readFileSync(file, 'utf8')));
  }
}
