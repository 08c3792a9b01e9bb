/** The browser door's report on recordings that earlier versions kept elsewhere, in the language of the terminal. */
import { bringEarlierRuns, type DataFolders, earlierRunsSentences } from '../lab/index.ts';
import { textsOfTerminal } from './terminal-texts.ts';

/**
 * Moves earlier recordings into the data folder, and prints their place on stderr.
 *
 * @param root  the project's folder
 */
export async function bringRuns(folders: DataFolders, root: string): Promise<void> {
  const brought = await bringEarlierRuns(folders);
  if (brought.length === 0) return;
  const { earlierRuns } = await textsOfTerminal(root);
  for (const sentence of earlierRunsSentences(brought, earlierRuns)) console.error(sentence);
}
