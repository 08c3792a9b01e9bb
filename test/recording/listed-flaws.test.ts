/**
 * Flaws in a list of runs. Small recordings are read whole, large ones only at their end, and no recording is read
 * twice.
 */
import { appendFile, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ListedFlaws } from '../../src/recording/listed-flaws.ts';
import { type Manifest, readManifest } from '../../src/recording/manifest.ts';
import { openRun } from '../../src/recording/open-run.ts';
import { runPaths } from '../../src/recording/run-folder.ts';
import { settings } from '../core/trace/story.ts';
import { beginRecording, filler } from './helpers.ts';

interface Recorded {
  readonly file: string;
  readonly manifest: Manifest;
  readonly lines: readonly string[];
}

async function recorded(events = 20): Promise<Recorded> {
  const { recorder, clock, folder } = await beginRecording();
  recorder.note({ event: 'RunStarted', traceVersion: 2, settings, startedAt: '', raftLab: '0' });
  for (let i = 1; i <= events; i += 1) {
    clock.pass(10);
    recorder.record('S1', filler(recorder.nowUs(), i));
  }
  await recorder.close('closed');
  const read = await readManifest(folder);
  if (!read.ok) throw new Error(read.problem);
  const file = runPaths(folder).events;
  return { file, manifest: read.manifest, lines: (await readFile(file, 'utf8')).split(/(?<=\n)/) };
}

const flawIn = async (flaws: ListedFlaws, file: string, manifest: Manifest) =>
  await flaws.of(file, await stat(file), manifest);

/** Byte limits of a list: enough for the whole recording, and none. */
const sizes = [
  ['read whole', undefined],
  ['only the end read', 0],
] as const;

describe.each(sizes)('listed flaws, %s', (_how, bytes) => {
  test('whole recording → no flaw', async () => {
    const { file, manifest } = await recorded();
    expect(await flawIn(new ListedFlaws(bytes), file, manifest)).toBeNull();
  });

  test('RunEnded missing or torn → its line and byte', async () => {
    const { file, manifest, lines } = await recorded();
    const offset = Buffer.byteLength(lines.slice(0, -1).join(''));
    await truncate(file, offset + 30);
    const torn = { kind: 'torn', line: 22, offset, params: { bytes: 30 } };
    expect(await flawIn(new ListedFlaws(bytes), file, manifest)).toEqual(torn);
    await truncate(file, offset);
    const noEnd = { kind: 'no-end', line: 22, offset, params: {} };
    expect(await flawIn(new ListedFlaws(bytes), file, manifest)).toEqual(noEnd);
  });

  test('foreign last line → reported as the first bad line', async () => {
    const { file, manifest, lines } = await recorded();
    await appendFile(file, 'nothing\n');
    const offset = Buffer.byteLength(lines.join(''));
    expect(await flawIn(new ListedFlaws(bytes), file, manifest)).toMatchObject({ line: 23, offset });
  });

  test('empty file or zeros → a flaw at line 1', async () => {
    const { file, manifest } = await recorded();
    await truncate(file, 0);
    expect(await flawIn(new ListedFlaws(bytes), file, manifest)).toMatchObject({ kind: 'no-end', line: 1, offset: 0 });
    await truncate(file, 100_000);
    expect(await flawIn(new ListedFlaws(bytes), file, manifest)).toMatchObject({ kind: 'torn', line: 1, offset: 0 });
  });
});

test('listed flaws: damage in the middle → found when read whole, then remembered', async () => {
  const { file, manifest, lines } = await recorded();
  const spoilt = (lines[9] ?? '').replace('"term":1', '"term":3');
  await writeFile(file, lines.with(9, spoilt).join(''));
  expect(await flawIn(new ListedFlaws(0), file, manifest)).toBeNull();
  const flaw = await flawIn(new ListedFlaws(), file, manifest);
  expect(flaw).toMatchObject({ kind: 'checksum-differs', line: 10 });
  expect(await flawIn(new ListedFlaws(0), file, manifest)).toBe(flaw);
  await writeFile(file, lines.join(''));
  await utimes(file, 1, 1);
  expect(await flawIn(new ListedFlaws(), file, manifest)).toBeNull();
});

test('listed flaws: large recording opened before → its damage is listed', async () => {
  const { file, manifest, lines } = await recorded();
  await writeFile(file, lines.with(9, (lines[9] ?? '').replace('"term":1', '"term":3')).join(''));
  expect(await flawIn(new ListedFlaws(0), file, manifest)).toBeNull();
  await openRun(dirname(file));
  expect(await flawIn(new ListedFlaws(0), file, manifest)).toMatchObject({ kind: 'checksum-differs', line: 10 });
});

test('listed flaws: more bytes than the limit → only the first recordings are read whole', async () => {
  const spoilt = async (): Promise<Recorded> => {
    const made = await recorded();
    await writeFile(made.file, made.lines.with(3, (made.lines[3] ?? '').replace('"term":1', '"term":2')).join(''));
    return made;
  };
  const [first, second] = [await spoilt(), await spoilt()];
  const flaws = new ListedFlaws(Buffer.byteLength(first.lines.join('')) + 10);
  expect(await flawIn(flaws, first.file, first.manifest)).toMatchObject({ line: 4 });
  expect(await flawIn(flaws, second.file, second.manifest)).toBeNull();
  // The next list starts with its full number of bytes.
  expect(await flawIn(new ListedFlaws(), second.file, second.manifest)).toMatchObject({ line: 4 });
});
