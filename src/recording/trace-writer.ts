/**
 * Appends lines to events.jsonl. Lines gather for a few milliseconds, and while a write is under way, and go out as one:
 * the thread never waits for the disk, and what waits for it is bounded. A write of its own for every few lines would wake
 * two threads beside servers that wait for a processor.
 */
import { type FileHandle, open } from 'node:fs/promises';

/** The growing end of events.jsonl. */
export interface TraceWriter {
  /** Queues a line (newline included). After a failure lines are dropped: the run is over. */
  write(line: string): void;
  /** Everything queued so far is in the file, where others can read it. Rejects after a failure. */
  written(): Promise<void>;
  /** The same, as durable as the disk makes it. */
  flush(): Promise<void>;
  /** Flushes as far as it can and closes the file. Never rejects: failures were reported by `onFailure`. */
  close(): Promise<void>;
}

/** Most characters joined into one write, so that encoding them stays short. */
const BATCH_CHARACTERS = 1024 * 1024;
/** Milliseconds for which lines are gathered: the most that is lost when the lab itself is killed. */
const GATHER_MS = 5;
/** A disk this far behind has failed. */
const MAX_QUEUED_CHARACTERS = 256 * 1024 * 1024;

/** The calls the writer makes; a test stands in for the disk with it. */
export type WriterFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'close'>;

/** Opens (or makes, mode 0600) a trace file for appending. `onFailure` is called once, when a write fails. */
export async function openTraceWriter(file: string, onFailure: (error: Error) => void): Promise<TraceWriter> {
  return createTraceWriter(await open(file, 'a', 0o600), onFailure);
}

/** A writer over an open file. */
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

/** Takes the first lines of the queue, joined, up to a batch. */
function takeBatch(queue: string[]): string {
  let characters = 0;
  let lines = 0;
  while (lines < queue.length && characters < BATCH_CHARACTERS) {
    characters += queue[lines]?.length ?? 0;
    lines += 1;
  }
  return queue.splice(0, lines).join('');
}

/** A pause of `ms` milliseconds that can be cut short. */
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
