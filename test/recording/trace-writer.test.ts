/** The writer appends lines in order and in batches. The first failed write is reported once and ends the writing. */
import { describe, expect, test, vi } from 'vitest';
import { createTraceWriter, type WriterFile } from '../../src/recording/trace-writer.ts';

function fakeFile(write: (text: string) => Promise<void>) {
  const writes: string[] = [];
  const file: WriterFile = {
    appendFile: async (data) => {
      writes.push(String(data));
      await write(String(data));
    },
    datasync: vi.fn(async () => undefined),
    close: vi.fn(async () => undefined),
  };
  return { file, writes };
}

describe('writing', () => {
  test('writer: lines queued during a write → the next write, in order', async () => {
    const pending: (() => void)[] = [];
    const { file, writes } = fakeFile(() => new Promise((resolve) => pending.push(resolve)));
    const writer = createTraceWriter(file, (error) => expect.fail(error.message));
    for (const line of ['1\n', '2\n', '3\n']) writer.write(line);
    await vi.waitFor(() => expect(writes).toEqual(['1\n2\n3\n']));
    for (const line of ['4\n', '5\n']) writer.write(line);
    pending.shift()?.();
    await vi.waitFor(() => expect(writes).toEqual(['1\n2\n3\n', '4\n5\n']));
    pending.shift()?.();
    await writer.flush();
    expect(file.datasync).toHaveBeenCalledTimes(1);
    await writer.close();
    expect(file.close).toHaveBeenCalledTimes(1);
  });

  test('writer: lines of several turns → one write; flush does not wait for more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { file, writes } = fakeFile(async () => undefined);
      const writer = createTraceWriter(file, (error) => expect.fail(error.message));
      writer.write('1\n');
      await new Promise((resolve) => setImmediate(resolve));
      writer.write('2\n');
      expect(writes).toEqual([]);
      await vi.advanceTimersByTimeAsync(5);
      expect(writes).toEqual(['1\n2\n']);
      writer.write('3\n');
      await writer.flush();
      expect(writes).toEqual(['1\n2\n', '3\n']);
      await writer.close();
    } finally {
      vi.useRealTimers();
    }
  });

  test('writer: large queue → batches of bounded size', async () => {
    const { file, writes } = fakeFile(async () => undefined);
    const writer = createTraceWriter(file, (error) => expect.fail(error.message));
    const line = `${'x'.repeat(99_999)}\n`;
    for (let i = 0; i < 50; i += 1) writer.write(line);
    await writer.flush();
    expect(writes.length).toBeGreaterThan(2);
    expect(Math.max(...writes.map((text) => text.length))).toBeLessThan(1_200_000);
    expect(writes.join('')).toBe(line.repeat(50));
    await writer.close();
  });
});

describe('failing', () => {
  test('failed write → reported once; flush rejects, close does not', async () => {
    const onFailure = vi.fn();
    const { file, writes } = fakeFile(() => Promise.reject(new Error('ENOSPC: no space left')));
    const writer = createTraceWriter(file, onFailure);
    writer.write('1\n');
    await expect(writer.flush()).rejects.toThrow('ENOSPC');
    writer.write('2\n');
    await expect(writer.flush()).rejects.toThrow('ENOSPC');
    await writer.close();
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(writes).toEqual(['1\n']);
    expect(file.close).toHaveBeenCalledTimes(1);
  });

  test('disk cannot keep up → failure before the queue fills the memory', async () => {
    const onFailure = vi.fn();
    const { file } = fakeFile(() => new Promise(() => undefined));
    const writer = createTraceWriter(file, onFailure);
    const line = 'x'.repeat(8 * 1024 * 1024);
    for (let i = 0; i < 40; i += 1) writer.write(line);
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(String(onFailure.mock.calls[0]?.[0])).toContain('keep up');
  });
});
