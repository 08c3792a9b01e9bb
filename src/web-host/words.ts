/** The browser door's texts in the language of the terminal, chosen by the launcher's rule, so that a start uses one language. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import en from '../../resources/words/en.json';
import zhCN from '../../resources/words/zh-CN.json';

/** @param root  the project's folder */
export async function wordsOfTerminal(
  root: string,
): Promise<Pick<typeof en, 'earlierRuns' | 'chosenFolder' | 'error'>> {
  const { terminalLanguage } = (await import(pathToFileURL(join(root, 'scripts', 'words.mjs')).href)) as {
    terminalLanguage(env: NodeJS.ProcessEnv): 'en' | 'zh-CN';
  };
  return terminalLanguage(process.env) === 'zh-CN' ? zhCN : en;
}
