/** What the browser door prints about recordings that earlier versions kept elsewhere, in the language of the terminal. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import en from '../../resources/words/en.json';
import zhCN from '../../resources/words/zh-CN.json';
import { bringEarlierRuns, type DataFolders, earlierRunsSentences } from '../lab/index.ts';

/**
 * Moves them into the data folder, and prints where they are on stderr.
 *
 * @param root  the project's folder
 */
export async function bringRuns(folders: DataFolders, root: string): Promise<void> {
  const brought = await bringEarlierRuns(folders);
  if (brought.length === 0) return;
  // The launcher's own rule, so that one start speaks one language.
  const { terminalLanguage } = (await import(pathToFileURL(join(root, 'scripts', 'words.mjs')).href)) as {
    terminalLanguage(env: NodeJS.ProcessEnv): 'en' | 'zh-CN';
  };
  const words = (terminalLanguage(process.env) === 'zh-CN' ? zhCN : en).earlierRuns;
  for (const sentence of earlierRunsSentences(brought, words)) console.error(sentence);
}
