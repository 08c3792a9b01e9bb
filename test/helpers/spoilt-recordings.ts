/**
 * Damaged recordings: kept ones of the current version or of version 1, changed in one drawn way. Each has the line at
 * which a reader must find the damage.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_NAMES } from '../../src/core/catalogue/index.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { top } from '../scripts/scripts.ts';
import type { Random } from './random.ts';

/** A written run folder with the facts that a test needs. */
export interface SpoiltRecording {
  readonly folder: string;
  readonly runId: string;
  readonly version: 1 | 2;
  /** Description of the change, so that a person can repeat it. */
  readonly how: string;
  /**
   * Line at which the undamaged part must end. Null when every result is allowed: version 1, or a part of the manifest
   * that no checksum covers.
   */
  readonly line: number | null;
}

interface Parts {
  readonly manifest: Buffer;
  readonly lines: readonly Buffer[];
}

interface Change extends Partial<Parts> {
  readonly how: string;
  /** Content of events.jsonl for changes that cannot be given as a list of lines. */
  readonly bytes?: Buffer;
  readonly line: number | null;
}

const KEPT = ['scenario', 'continued', 'violated'] as const;
const NEWLINE = Buffer.from('\n');

/** Parts of a kept recording of version 1, or the same recording converted to version 2. */
function keptParts(name: (typeof KEPT)[number], version: 1 | 2): Parts {
  const from = join(top, 'test', 'fixtures', 'trace-1', name);
  const manifest = readFileSync(join(from, 'manifest.json'), 'utf8');
  const jsons = readFileSync(join(from, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  const lines = jsons.map((json) => {
    if (version === 1) return Buffer.from(`${json}\n`);
    return Buffer.from(
      sealedLine(json.replace('"event":"RunStarted","traceVersion":1', '"event":"RunStarted","traceVersion":2')),
    );
  });
  return { manifest: Buffer.from(manifest.replace('"traceVersion": 1', `"traceVersion": ${version}`)), lines };
}

type Changer = (drawn: Random, parts: Parts) => Change;

const CHANGES: readonly Changer[] = [
  ({ below }, { lines }) => {
    const at = below(lines.length);
    const line = Buffer.from(lines[at] ?? NEWLINE);
    const bit = below(line.length * 8);
    line.writeUInt8(line.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return { how: `bit ${bit} of line ${at + 1}`, lines: lines.with(at, line), line: at + 1 };
  },
  ({ below }, { lines }) => {
    const kept = below(lines.length);
    return { how: `cut behind line ${kept}`, lines: lines.slice(0, kept), line: kept + 1 };
  },
  ({ below }, { lines }) => {
    const at = below(lines.length);
    const some = lines[at]?.subarray(0, 1 + below((lines[at]?.length ?? 2) - 1)) ?? NEWLINE;
    return { how: `cut in line ${at + 1}`, lines: [...lines.slice(0, at), some], line: at + 1 };
  },
  ({ below }, { lines }) => {
    const at = below(lines.length - 1);
    return { how: `without line ${at + 1}`, lines: lines.toSpliced(at, 1), line: at + 1 };
  },
  ({ below }, { lines }) => {
    const at = below(lines.length);
    return { how: `line ${at + 1} twice`, lines: lines.toSpliced(at, 0, lines[at] ?? NEWLINE), line: at + 2 };
  },
  ({ below }, { lines }) => {
    const at = below(lines.length - 1);
    const swapped = lines.with(at, lines[at + 1] ?? NEWLINE).with(at + 1, lines[at] ?? NEWLINE);
    return { how: `lines ${at + 1} and ${at + 2} swapped`, lines: swapped, line: at + 1 };
  },
  ({ below, of }, { lines }) => {
    const at = below(lines.length);
    const garbage = of([
      '\n',
      'nonsense\n',
      '{}\n',
      '[1]\n',
      'null\n',
      '\ufeff\n',
      '{"seq":1e999}\n',
      `${'['.repeat(9_000)}\n`,
    ]);
    return {
      how: `${JSON.stringify(garbage.slice(0, 20))} before line ${at + 1}`,
      lines: lines.toSpliced(at, 0, Buffer.from(garbage)),
      line: at + 1,
    };
  },
  ({ below }, { lines }) => {
    const bytes = Buffer.concat(lines);
    const start = below(bytes.length - 1);
    const line = bytes.subarray(0, start).toString('latin1').split('\n').length;
    bytes.fill(0, start, Math.min(bytes.length, start + 512));
    return { how: `a sector of zeros at byte ${start}`, bytes, line };
  },
  (_drawn, { lines }) => ({
    how: 'line ends rewritten',
    lines: lines.map((line) => Buffer.from(line.toString('utf8').replace('\n', '\r\n'))),
    line: 1,
  }),
  ({ below, of }, { lines }) => {
    const at = below(lines.length);
    const text = lines[at]?.toString('utf8') ?? '';
    const digits = [...text.matchAll(/\d+/g)];
    const one = of(digits);
    const value = of(['-1', '1e300', '9007199254740991', 'null', '"x"', '[]', '{}', '0.5', '1e15']);
    const changed = `${text.slice(0, one.index)}${value}${text.slice(one.index + one[0].length)}`;
    return {
      how: `${value} at ${one.index} of line ${at + 1}`,
      lines: lines.with(at, Buffer.from(changed)),
      line: at + 1,
    };
  },
  ({ below, of }, { lines }) => {
    const at = below(lines.length);
    const name = of([...EVENT_NAMES, 'Unheard']);
    const changed = lines[at]?.toString('utf8').replace(/"event":"\w+"/, `"event":"${name}"`) ?? '';
    const isSame = changed === lines[at]?.toString('utf8');
    return {
      how: `line ${at + 1} is called ${name}`,
      lines: lines.with(at, Buffer.from(changed)),
      line: isSame ? null : at + 1,
    };
  },
  ({ of }, { manifest }) => {
    const [from, to] = of([
      ['"seed": ', '"seed": 1'],
      ['"pace": "real"', '"pace": "classroom"'],
      ['"electionTicks": ', '"electionTicks": 9'],
      ['"preVote": false', '"preVote": true'],
    ] as const);
    return {
      how: `${to} in the manifest`,
      manifest: Buffer.from(manifest.toString('utf8').replace(from, to)),
      line: 1,
    };
  },
  ({ below, of }, { manifest }) => {
    const text = manifest.toString('utf8');
    const spoilt = of([
      text.slice(0, below(text.length)),
      text.replace(/"traceVersion": \d/, '"traceVersion": 9'),
      text.replace('"format": 1', '"format": 2'),
      '',
      'null',
      '[]',
      '7',
      '{"traceVersion":2}',
    ]);
    return { how: `manifest ${JSON.stringify(spoilt.slice(0, 60))}`, manifest: Buffer.from(spoilt), line: null };
  },
];

/**
 * Draws a change and writes the changed recording to `<dataFolder>/runs`.
 * @param at  number of the run, part of its id
 */
export function spoiltRecording(drawn: Random, dataFolder: string, at: number): SpoiltRecording {
  const version = drawn.of([2, 2, 2, 1] as const);
  const name = drawn.of(KEPT);
  const parts = keptParts(name, version);
  const { how, line, bytes, ...changed } = drawn.of(CHANGES)(drawn, parts);
  const { manifest, lines } = { ...parts, ...changed };
  const runId = `2026-01-01T00-00-00-${at.toString(16).padStart(4, '0')}`;
  const folder = join(dataFolder, 'runs', runId);
  mkdirSync(folder, { recursive: true });
  const named = manifest.toString('utf8').replace(/"runId": "[^"]+"/, `"runId": "${runId}"`);
  writeFileSync(join(folder, 'manifest.json'), named);
  writeFileSync(join(folder, 'events.jsonl'), bytes ?? Buffer.concat(lines));
  return { folder, runId, version, how: `${name}, version ${version}: ${how}`, line: version === 1 ? null : line };
}
