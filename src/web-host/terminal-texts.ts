/** The browser door's texts in the language of the terminal, chosen by the launcher's rule, so that a start uses one language. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Language, TRANSLATIONS, type Translations } from '../translations/index.ts';

/** @param root  the project's folder */
export async function textsOfTerminal(root: string): Promise<Translations> {
  const { terminalLanguage } = (await import(pathToFileURL(join(root, 'scripts', 'words.mjs')).href)) as {
    terminalLanguage(env: NodeJS.ProcessEnv): Language;
  };
  return TRANSLATIONS[terminalLanguage(process.env)];
}
