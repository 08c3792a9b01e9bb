/**
 * The damaged or missing part of a recording: the line at which reading ended, and the cause. Every line before it is whole.
 * Flow: the reader of events.jsonl finds the flaw → list, screen and verdict show it.
 */
import type { BothLanguages } from '../vocabulary/index.ts';

/**
 * The cause. Each kind has these parameters:
 * no-end {} · torn {bytes} · future {version, reads} · checksum-differs {stated, actual} · checksum-missing {} ·
 * checksum-early {} · order {expected, found} · not-an-event {detail} · misfit {detail} · line-too-long {most} · crlf {} ·
 * manifest-differs {detail}
 */
export type FlawKind =
  | 'no-end'
  | 'torn'
  | 'future'
  | 'checksum-differs'
  | 'checksum-missing'
  | 'checksum-early'
  | 'order'
  | 'not-an-event'
  | 'misfit'
  | 'line-too-long'
  | 'crlf'
  | 'manifest-differs';

/** The first line that cannot be read, and the cause. */
export interface TraceFlaw {
  readonly kind: FlawKind;
  /** Number of the line; the first is 1. */
  readonly line: number;
  /** Byte offset at which that line begins. */
  readonly offset: number;
  readonly params: Readonly<Record<string, string | number>>;
}

/** `incomplete`: every line is whole, but the end is missing or this version cannot read it. */
export type FlawWord = 'incomplete' | 'damaged';

const INCOMPLETE: ReadonlySet<FlawKind> = new Set<FlawKind>(['no-end', 'torn', 'future']);

/** Returns `damaged` when bytes were changed or lost, `incomplete` when the recording only ends early. */
export function flawWord({ kind }: TraceFlaw): FlawWord {
  return INCOMPLETE.has(kind) ? 'incomplete' : 'damaged';
}

/** Text with line, byte and cause, without a full stop. */
export function flawInWords({ kind, line, offset, params }: TraceFlaw): BothLanguages {
  const { en, zh } = SENTENCES[kind](params);
  return { en: `line ${line}, byte ${offset}: ${en}`, zh: `第 ${line} 行，字节 ${offset}：${zh}` };
}

type Params = TraceFlaw['params'];

const SENTENCES: Readonly<Record<FlawKind, (params: Params) => BothLanguages>> = {
  'no-end': () => ({
    en: 'the recording ends here without RunEnded: what came after is not known',
    zh: '记录在此中断，没有 RunEnded：之后发生了什么无从得知',
  }),
  torn: ({ bytes }) => ({
    en: `the file ends in the middle of this line, after ${bytes} bytes of it: the rest of the recording is missing`,
    zh: `文件在这一行中间结束（这一行只有 ${bytes} 字节）：记录的其余部分缺失`,
  }),
  future: ({ version, reads }) => ({
    en: `from here on the recording has version ${version}, and this Raft Lab reads versions up to ${reads}: open it with a newer Raft Lab`,
    zh: `从这里开始，记录的版本是 ${version}，而此 Raft Lab 只能读取到版本 ${reads}：请用更新的 Raft Lab 打开`,
  }),
  'checksum-differs': ({ stated, actual }) => ({
    en: `the line was changed: its checksum is ${stated}, and its bytes give ${actual}`,
    zh: `这一行被改动过：其校验和是 ${stated}，而其字节算出 ${actual}`,
  }),
  'checksum-missing': () => ({
    en: 'the line does not end in a checksum, as each line of this version does',
    zh: '这一行末尾没有校验和，而此版本的每一行都应有',
  }),
  'checksum-early': () => ({
    en: 'checksums begin here without LabRestarted: the line before this one was changed, or lines are missing',
    zh: '校验和从这里开始，却没有 LabRestarted：前一行被改动过，或者缺了若干行',
  }),
  order: ({ expected, found }) => ({
    en: `the event with seq ${expected} belongs here, and this one has seq ${found}: lines are missing, doubled or moved`,
    zh: `此处应是 seq 为 ${expected} 的事件，而这一个的 seq 是 ${found}：有行缺失、重复或移动`,
  }),
  'not-an-event': ({ detail }) => ({ en: `this is no event: ${detail}`, zh: `这不是事件：${detail}` }),
  misfit: ({ detail }) => ({
    en: `the fields of this event are not what its name promises: ${detail}`,
    zh: `此事件的字段与其名称不符：${detail}`,
  }),
  'line-too-long': ({ most }) => ({
    en: `the line is longer than ${most} bytes, and no event is`,
    zh: `这一行超过 ${most} 字节，没有事件会这么长`,
  }),
  crlf: () => ({
    en: 'the line ends in CR LF: a program that rewrites line ends has changed the file',
    zh: '这一行以 CR LF 结尾：某个会改写换行符的程序改动了此文件',
  }),
  'manifest-differs': ({ detail }) => ({
    en: `manifest.json does not fit this event: ${detail}`,
    zh: `manifest.json 与此事件不符：${detail}`,
  }),
};
