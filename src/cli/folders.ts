/**
 * The data folder of a command: the named one, the one chosen in the settings, or the usual one. Recordings of earlier
 * versions are moved into it.
 */
import {
  bringEarlierRuns,
  chosenRecordingsFolder,
  type DataFolders,
  dataFolders,
  earlierRunsSentences,
  thisMachine,
  unusableFolderSentence,
} from '../lab/index.ts';
import { TRANSLATIONS } from '../translations/index.ts';
import type { Terminal } from './terminal.ts';

type Spoken = Pick<Terminal, 'language' | 'note'>;

/**
 * Returns the folder of the recordings. A folder named by `--data` or by the environment comes before the one chosen in
 * the settings.
 *
 * @param named  the value of `--data`
 * @param use  `read`: a chosen folder that does not exist is not created
 * @throws Error with a sentence when no folder is named and no home folder is known
 */
export function folderOfRuns(named: string | null, use: 'read' | 'write', spoken: Spoken): string {
  const { folder } = dataFolders(thisMachine(), named);
  if (named !== null || process.env.RAFT_LAB_DATA_DIR) return folder;
  const { folder: chosen, unusable } = chosenRecordingsFolder(folder, use);
  if (unusable !== null) {
    const sentences = TRANSLATIONS[spoken.language].chosenFolder;
    spoken.note(unusableFolderSentence(unusable, folder, sentences));
  }
  return chosen;
}

/**
 * Moves the recordings of earlier versions into the data folder and reports their new place. Does nothing when no data
 * folder is known, because the command may not need one.
 */
export async function bringRuns(named: string | null, { note, language }: Spoken): Promise<void> {
  let known: DataFolders;
  try {
    known = dataFolders(thisMachine(), named);
  } catch {
    return;
  }
  const sentences = TRANSLATIONS[language].earlierRuns;
  for (const sentence of earlierRunsSentences(await bringEarlierRuns(known), sentences)) note(sentence);
}
