/**
 * Appends lines to events.jsonl. Lines gather for a few milliseconds, and while another write is running, and are then
 * written together. The thread never waits for the disk, and the queue has a maximum size. Frequent small writes would
 * take processor time from the servers.
 */
import { type FileHandle, open } from 'node:fs/promises';

/** Appends lines to events.jsonl. */
export interface TraceWriter {
  /** Queues a line (newline included). After a failure lines are dropped, because the run is over. */
  write(line: string): void;
  /** Resolves when everything queued so far is in the file, where others can read it. Rejects after a failure. */
  written(): Promise<void>;
  /** Resolves when everything queued so far is in the file and durable. Rejects after a failure. */
  flush(): Promise<void>;
  /**
   * Writes the queued lines as far as possible and closes the file. Never rejects; `onFailure` has reported failures.
   */
  close(): Promise<void>;
}

/** Number of characters after which one write ends, so that encoding them stays short. */
const BATCH_CHARACTERS = 1024 * 1024;
/** Milliseconds for which lines are gathered. If the lab itself is killed, at most the lines of that time are lost. */
const GATHER_MS = 5;
/** Maximum number of queued characters. A disk further behind counts as failed. */
const MAX_QUEUED_CHARACTERS = 256 * 1024 * 1024;

/** The file operations that the writer uses. Tests pass in a disk of their own. */
export type WriterFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'close'>;

/**
 * Opens a trace file for appending; creates it with mode 0600 when it is missing. Rejects when it cannot be opened.
 *
 * @param onFailure  called once, when a write fails
 */
export async function openTraceWriter(file: string, onFailure: (error: Error) => void): Promise<TraceWriter> {
  return createTraceWriter(await open(file, 'a', 0o600), onFailure);
}

/** Creates a writer over an open file. */
export function createTraceWriter(file: WriterFile, onFailure: (error: Error) => void): TraceWriter {
  let queue: string[] = [];
  let queued = 0;
  let failure: Error | null = null;
  let pumping: Promise<void> | null = null;
  const gathering = createPause(GATHER_MS);

  const fail = (error: unknown): void => {
    if (failure !== null) return;
    failure = error instanceof Error ? error : new Error(String(error));
    queue = [];
    queued = 0;
    onFailure(failure);
  };

  const assertWhole = (): void => {
    if (failure !== null) throw failure;
  };

  const pump = async (): Promise<void> => {
    try {
      await gathering.wait();
      while (queue.length > 0) {
        const text = takeBatch(queue);
        queued -= text.length;
        await file.appendFile(text);
      }
    } catch (error) {
      fail(error);
    } finally {
      pumping = null;
    }
  };

  const drain = async (): Promise<void> => {
    while (pumping !== null) {
      gathering.cutShort();
      await pumping;
    }
  };

  return {
    write: (line) => {
      if (failure !== null) return;
      queue.push(line);
      queued += line.length;
      if (queued > MAX_QUEUED_CHARACTERS) fail(new Error('the disk cannot keep up with the recording'));
      else pumping ??= pump();
    },
    written: () => drain().then(assertWhole),
    flush: async () => {
      await drain();
      if (failure === null) await file.datasync();
      assertWhole();
    },
    close: async () => {
      await drain();
      try {
        if (failure === null) await file.datasync();
      } catch (error) {
        fail(error);
      }
      await file.close().catch(fail);
    },
  };
}

/** Removes the first lines of the queue, up to the size of a batch. @returns these lines joined */
function takeBatch(queue: string[]): string {
  let characters = 0;
  let lines = 0;
  while (lines < queue.length && characters < BATCH_CHARACTERS) {
    characters += queue[lines]?.length ?? 0;
    lines += 1;
  }
  return queue.splice(0, lines).join('');
}

/** Creates a pause of `ms` milliseconds that can be cut short. */
function createPause(ms: number) {
  let cutShort: () => void = () => undefined;
  return {
    wait: (): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        cutShort = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    cutShort: () => cutShort(),
  };
}
