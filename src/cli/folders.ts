/** The data folder of a command: named, chosen in the settings, or the usual one; with the recordings of earlier versions. */
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
 * The folder of the recordings. A folder named by `--data` or by the environment comes before the one chosen in the settings.
 *
 * @param named  the value of `--data`
 * @param use  `read`: a chosen folder that does not exist is not made
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
 * Moves the recordings of earlier versions into the data folder, and reports where they are. Does nothing where no data folder
 * is known: the command may not need one.
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
