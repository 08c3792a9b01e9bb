/**
 * Lock files and manifests with random content: drawn bytes, broken JSON, fields of another type. None of them may
 * cause a program error.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOCK_FILE, lockHolder, lockRun } from '../../src/recording/lock.ts';
import { MANIFEST_FILE, readManifest } from '../../src/recording/manifest.ts';
import { type Random, randomFrom } from '../helpers/random.ts';
import { temporaryFolder } from './helpers.ts';

const FILES = 40;
const seed = Number(process.env.RAFT_LAB_SEED ?? Math.floor(Math.random() * 2 ** 31));
const repeat = `RAFT_LAB_SEED=${seed} npm test -- unit test/recording/strange-locks.test.ts`;
/** Age of the lock files, seconds. A recent lock file counts as being written right now. */
const LONG_AGO_S = 3_600;

const VALUES = [null, true, 0, -1, 1.5, 1e300, 2 ** 53, '', '\u001b[2J', '/etc/passwd', [], {}, [[]], { __proto__: 1 }];

/** Returns drawn bytes, a cut or repeated text, another JSON value, or the object with drawn fields. */
function spoilt({ below, of }: Random, whole: Readonly<Record<string, unknown>>): Buffer {
  const text = JSON.stringify(whole);
  const ways: readonly (() => string | Buffer)[] = [
    () => Buffer.from(Array.from({ length: below(300) }, () => below(256))),
    () => text.slice(0, below(text.length)),
    () => text.repeat(1 + below(3)),
    () => JSON.stringify(of(VALUES)),
    () => '['.repeat(100_000),
    () => JSON.stringify({ ...whole, [of(Object.keys(whole))]: of(VALUES), [String(of(VALUES))]: of(VALUES) }),
  ];
  return Buffer.from(of(ways)());
}

test(`locks: ${FILES} with random content → taken over, or reported as left elsewhere`, async () => {
  const drawn = randomFrom(seed);
  const top = await temporaryFolder();
  const holder = {
    pid: 1,
    startTime: 'never',
    token: 'x',
    takenAt: 'once',
    place: { host: 'h', boot: 'b', pidNamespace: 'n' },
  };
  for (let at = 0; at < FILES; at += 1) {
    const folder = join(top, String(at));
    mkdirSync(folder);
    const bytes = spoilt(drawn, holder);
    writeFileSync(join(folder, LOCK_FILE), bytes);
    const date = Date.now() / 1_000 - LONG_AGO_S;
    await utimes(join(folder, LOCK_FILE), date, date);
    const about = `${bytes.toString('latin1').slice(0, 200)}\n${repeat}`;
    expect(await lockHolder(join(folder, LOCK_FILE)), about).toBeNull();
    const taken = await lockRun(folder);
    expect(taken.ok || taken.holder?.state, about).toSatisfy((end) => end === true || end === 'left-elsewhere');
    if (taken.ok) await taken.lock.release();
  }
});

test(`manifests: ${FILES} with random content → read, or refused with a sentence`, async () => {
  const drawn = randomFrom(seed);
  const folder = await temporaryFolder();
  const manifest = {
    format: 1,
    traceVersion: 2,
    runId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    raftLab: '1',
    settings: {},
    seed: 1,
  };
  for (let at = 0; at < FILES; at += 1) {
    const bytes = spoilt(drawn, manifest);
    writeFileSync(join(folder, MANIFEST_FILE), bytes);
    const read = await readManifest(folder);
    const about = `${bytes.toString('latin1').slice(0, 200)}\n${repeat}`;
    expect(read.ok || read.problem, about).toSatisfy((end) => end === true || (typeof end === 'string' && end !== ''));
    if (!read.ok) expect(read.problem, about).not.toMatch(/\n {4}at |undefined|\[object /);
  }
});
