/**
 * Opening a scenario file of one's own: dropped on the page, or chosen in the dialog. The page reads it and gives its text
 * to the lab, so that both doors do it alike.
 */
import { useEffect, useState } from 'react';
import { decodeUtf8, kindOfFile, type LabError, LIMITS, SCENARIO_ENDINGS } from '../core/lab-api/index.ts';
import type { Actions } from './store/actions.ts';
import { useActions, useWords } from './store/dashboard-context.ts';

/** Plays the scenario in this file, or shows why it cannot be played. */
export async function openFile(file: File, actions: Pick<Actions, 'playFile' | 'showFileError'>): Promise<void> {
  const { name } = file;
  if (kindOfFile(name) === null)
    return actions.showFileError(fileError('unknown-file', { file: name, endings: SCENARIO_ENDINGS.join(', ') }));
  const tooLarge = fileError('file-too-large', { file: name, most: LIMITS.scenarioLength });
  // UTF-8 needs at most three bytes for one of these units: a larger file is not read at all.
  if (file.size > LIMITS.scenarioLength * 3) return actions.showFileError(tooLarge);
  try {
    const read = decodeUtf8(new Uint8Array(await file.arrayBuffer()), new TextDecoder('utf-8', { fatal: true }));
    if (!read.ok) actions.showFileError(fileError('not-utf8', { file: name, line: read.line }));
    else if (read.text.length > LIMITS.scenarioLength) actions.showFileError(tooLarge);
    else await actions.playFile(name, read.text);
  } catch (problem) {
    // The file was moved meanwhile, or may not be read; a browser gives no path.
    const errno = problem instanceof Error ? problem.name : String(problem);
    actions.showFileError(fileError('cannot-read', { path: name, errno }));
  }
}

/** The English sentence is for logs; the screen takes the words of the code. */
function fileError(code: LabError['code'], params: LabError['params']): LabError {
  return { code, params, message: `${code}: ${JSON.stringify(params)}` };
}

/** Takes files that are dropped anywhere on the page, and says so while one is dragged over it. */
export function FileDrop() {
  const { t } = useWords();
  const actions = useActions();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Without this the browser would leave the page and show the file.
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void openFile(file, actions);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [actions]);
  return isOver ? (
    <p className="drop-hint" data-testid="drop-hint">
      {t('scenario.drop')}
    </p>
  ) : null;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
