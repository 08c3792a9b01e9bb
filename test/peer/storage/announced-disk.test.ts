/** An announced disk announces each write before it happens, but not reads and flushes. */
import { expect, test } from 'vitest';
import { announcedDisk } from '../../../src/peer/storage/announced-disk.ts';
import type { Disk, OpenFile } from '../../../src/peer/storage/disk.ts';

test('announced disk: new file, append → announced before it; read, flush → not announced', () => {
  const did: string[] = [];
  const file = { append: () => did.push('append'), sync: () => did.push('sync') } as unknown as OpenFile;
  const create = (): OpenFile => {
    did.push('create');
    return file;
  };
  const plain = { read: () => null, open: () => file, create } as unknown as Disk;
  const disk = announcedDisk(plain, () => did.push('announce'));
  disk.read('state.json');
  const opened = disk.open('log/tail-1.jsonl');
  opened.append(Buffer.from('x'));
  opened.sync();
  disk.create('log/1.json').append(Buffer.from('y'));
  expect(did).toEqual(['announce', 'append', 'sync', 'announce', 'create', 'announce', 'append']);
});
