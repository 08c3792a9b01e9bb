/** Reads an asar archive, Electron's container of an app: a length-prefixed JSON header, then the files one after another. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly size?: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
  readonly integrity?: { readonly algorithm: string; readonly hash: string };
}

/** A file in an archive; `path` counts from the archive's top, with `/`. */
export interface ArchivedFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * @returns all files of an archive
 * @throws Error for a file that lies outside the archive or differs from its checksum
 */
export function readAsar(path: string): readonly ArchivedFile[] {
  const archive = readFileSync(path);
  // A pickle of four bytes holds the size of the header's pickle, which holds the JSON text's length and the text.
  const headerSize = archive.readUInt32LE(4);
  const text = archive.toString('utf8', 16, 16 + archive.readUInt32LE(12));
  const start = 8 + headerSize;
  return filesIn(JSON.parse(text) as Entry, '').map(({ path: name, entry }) => {
    if (entry.unpacked || entry.offset === undefined) throw new Error(`${name} lies outside the archive`);
    const from = start + Number(entry.offset);
    const content = archive.subarray(from, from + (entry.size ?? 0));
    const { algorithm, hash } = entry.integrity ?? { algorithm: 'none', hash: '' };
    if (algorithm !== 'SHA256' || createHash('sha256').update(content).digest('hex') !== hash) {
      throw new Error(`${name} differs from its checksum`);
    }
    return { path: name, content };
  });
}

/** Writes the files of an archive into a folder. */
export function extractTo(folder: string, files: readonly ArchivedFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function filesIn(entry: Entry, path: string): readonly { readonly path: string; readonly entry: Entry }[] {
  if (entry.files === undefined) return [{ path, entry }];
  return Object.entries(entry.files).flatMap(([name, one]) => filesIn(one, path === '' ? name : `${path}/${name}`));
}
