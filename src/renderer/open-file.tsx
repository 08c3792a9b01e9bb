/**
 * Opens a person's file that was dropped on the page or chosen in a dialog. The page sends the text of a scenario to the lab,
 * so that both doors behave alike; a recording may be large, so the door takes the file itself.
 */
import './open-file.css';
import { type RefObject, useEffect, useState } from 'react';
import { decodeUtf8, kindOfFile, LIMITS, OPENED_ENDINGS } from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import type { Actions } from './store/actions.ts';
import { useActions, useTranslations } from './store/dashboard-context.ts';

type Opening = Pick<Actions, 'playFile' | 'openRecording' | 'showFileError'>;

/** Opens the file that was dropped or chosen. Several files are refused, because it is unknown which one is meant. */
export async function openFiles(files: readonly File[], actions: Opening): Promise<void> {
  const [file] = files;
  if (file === undefined) return;
  if (files.length > 1) actions.showFileError(labError('several-files', { count: files.length }));
  else await openFile(file, actions);
}

/** Plays the scenario or opens the recording in this file, or shows the reason why not. */
export async function openFile(file: File, actions: Opening): Promise<void> {
  const { name } = file;
  const kind = kindOfFile(name);
  if (kind === 'recording') await actions.openRecording(file);
  else if (kind === 'scenario') await playScenario(file, actions);
  else actions.showFileError(labError('unknown-file', { file: name, endings: OPENED_ENDINGS.join(', ') }));
}

async function playScenario(file: File, actions: Opening): Promise<void> {
  const { name } = file;
  const tooLarge = labError('file-too-large', { file: name, most: LIMITS.scenarioLength });
  // UTF-8 needs at most three bytes for a UTF-16 unit, so a larger file is refused without reading it.
  if (file.size > LIMITS.scenarioLength * 3) return actions.showFileError(tooLarge);
  try {
    const read = decodeUtf8(new Uint8Array(await file.arrayBuffer()), new TextDecoder('utf-8', { fatal: true }));
    if (!read.ok) actions.showFileError(labError('not-utf8', { file: name, line: read.line }));
    else if (read.text.length > LIMITS.scenarioLength) actions.showFileError(tooLarge);
    else await actions.playFile(name, read.text);
  } catch (problem) {
    // The file was moved, or may not be read. A browser gives no path for the message.
    const errno = problem instanceof Error ? problem.name : String(problem);
    actions.showFileError(labError('cannot-read', { path: name, errno }));
  }
}

/** The hidden file input of a button that opens a file. */
export function FileInput({
  inputRef,
  label,
  endings,
}: {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly endings: readonly string[];
}) {
  const actions = useActions();
  return (
    <input
      ref={inputRef}
      type="file"
      hidden
      accept={endings.join(',')}
      aria-label={label}
      onChange={({ currentTarget }) => {
        const files = [...(currentTarget.files ?? [])];
        // Resets the input, so that the same file can be chosen again after it was corrected.
        currentTarget.value = '';
        if (files.length === 0) return;
        actions.setDialog('none');
        void openFiles(files, actions);
      }}
    />
  );
}

/** Accepts files that are dropped anywhere on the page, and shows a hint while one is dragged over it. */
export function FileDrop() {
  const { t } = useTranslations();
  const actions = useActions();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Keeps the browser from leaving the page to show the file.
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
      void openFiles([...(event.dataTransfer?.files ?? [])], actions);
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
