/** The life of an index on the page: its lines in words, and its line of time. */
import { describe, expect, test } from 'vitest';
import type { EntryLife, EntryStay, IndexLife } from '../../src/core/trace/index.ts';
import { lifeLines } from '../../src/renderer/log/life-lines.ts';
import { createTimeScale } from '../../src/renderer/log/time-scale.ts';
import { createTranslations } from '../../src/renderer/texts/translations.ts';

const SERVERS = ['S1', 'S2', 'S3', 'S4', 'S5'];
const { t } = createTranslations('en');

function stay(server: string, term: number, fromUs: number, part: Partial<EntryStay> = {}): EntryStay {
  const open = { committedUs: null, appliedUs: null, toUs: null, end: null, droppedFor: null };
  return { server, term, fromUs, durableUs: fromUs, ...open, ...part };
}

function entry(term: number, value: string, part: Partial<EntryLife> = {}): EntryLife {
  const command = { op: 'set', key: 'x', value };
  const content = { type: 'command', index: 5, term, session: 1, sequence: 4, command } as const;
  const proposal = { entry: content, by: 'S1', atUs: 1_000_000 };
  return { term, proposal, committed: null, fate: 'open', by: null, start: null, ...part };
}

const by = { client: 'C1', asked: { atUs: 900_000, server: 'S1' }, answers: [], copies: [] };

function linesOf(life: Partial<IndexLife>): readonly string[] {
  const whole = { index: 5, entries: [], stays: [], untilUs: 9_000_000, isCut: false, ...life };
  return lifeLines(t, whole, SERVERS).map(({ lead, text }) => (lead === '' ? text : `${lead}: ${text}`));
}

describe('lines of an index', () => {
  test('lines: entry overwritten, client told unknown → who, disks, why allowed, now lost', () => {
    const dropped = { toUs: 5_000_000, end: 'overwritten', droppedFor: 3 } as const;
    const answers = [{ kind: 'unknown', atUs: 3_000_000 }] as const;
    const lines = linesOf({
      entries: [entry(2, '1', { fate: 'lost', by: { ...by, answers } })],
      stays: [stay('S1', 2, 1_000_000, dropped), stay('S2', 2, 1_100_000, dropped)],
    });
    expect(lines).toEqual([
      'x=1: C1 asked S1, the leader of term 2',
      'On the disks of S1 S2, the last at 0:01.1.',
      'C1 got the answer: unknown. Now: lost.',
      'S1 S2 dropped x=1 for the log of the leader of term 3.',
      'Allowed: it was on 2 of 5 disks, never committed. §5.3',
    ]);
  });

  test('lines: two entries → one line each for their way, then the end of the lost one, by time', () => {
    const dropped = { toUs: 5_000_000, end: 'overwritten', droppedFor: 3 } as const;
    const answers = [{ kind: 'unknown', atUs: 3_000_000 }] as const;
    const lost = entry(2, '1', { fate: 'lost', by: { ...by, answers } });
    const committed = { atUs: 2_600_000, by: 'S3', on: ['S3', 'S4', 'S5'] };
    const kept = entry(3, '2', { fate: 'committed', committed, start: 'S3' });
    const { proposal } = kept;
    const lines = linesOf({
      entries: [lost, { ...kept, proposal: proposal === null ? null : { ...proposal, atUs: 2_500_000 } }],
      stays: [stay('S1', 2, 1_000_000, dropped), stay('S2', 2, 1_100_000, dropped), stay('S3', 3, 2_500_000)],
    });
    expect(lines).toEqual([
      'x=1: C1 asked S1, the leader of term 2; on the disks of S1 S2',
      'x=2: Start() on S3; on the disks of S3 S4 S5, so committed',
      'C1 got the answer: unknown. Now: lost.',
      'S1 S2 dropped x=1 for the log of the leader of term 3.',
      'Allowed: it was on 2 of 5 disks, never committed. §5.3',
    ]);
  });

  test('lines: entry committed → counted disks, applied, answered, in five lines', () => {
    const result = { ok: true, value: '1', previous: null } as const;
    const answers = [{ kind: 'done', atUs: 3_000_000, index: 5, latencyUs: 817_000, result }] as const;
    const committed = { atUs: 2_000_000, by: 'S1', on: ['S1', 'S2', 'S3'] };
    const lines = linesOf({
      entries: [entry(2, '1', { fate: 'committed', committed, by: { ...by, answers } })],
      stays: [stay('S1', 2, 1_000_000, { appliedUs: 2_100_000 }), stay('S2', 2, 1_100_000), stay('S3', 2, 1_200_000)],
    });
    expect(lines).toHaveLength(5);
    expect(lines.slice(2)).toEqual([
      'Committed: S1 counted 3 of 5 disks, S1 S2 S3.',
      'Applied by S1.',
      'C1 got the answer: done, after 817 ms.',
    ]);
  });

  test('lines: not committed → the disks it has and needs; lost with its process → said', () => {
    const died = { durableUs: null, toUs: 4_000_000, end: 'not-durable' } as const;
    const open = linesOf({ entries: [entry(2, '1', { by })], stays: [stay('S1', 2, 1_000_000)] });
    expect(open.at(-1)).toBe('Not committed: on 1 of the 3 disks it needs.');
    const lost = linesOf({
      entries: [entry(2, '1', { fate: 'nowhere', by })],
      stays: [stay('S1', 2, 1_000_000, died)],
    });
    expect(lost.slice(1)).toEqual(['On no disk: it was in memory only.', 'S1 ended before x=1 was on its disk.']);
  });

  test('lines: committed entry dropped → not allowed', () => {
    const dropped = { toUs: 5_000_000, end: 'overwritten', droppedFor: 3 } as const;
    const committed = { atUs: 2_000_000, by: 'S1', on: ['S1', 'S2', 'S3'] };
    const lines = linesOf({ entries: [entry(2, '1', { committed })], stays: [stay('S1', 2, 1_000_000, dropped)] });
    expect(lines).toContain('Not allowed: it was committed. §5.4');
  });

  test('lines: retry → the second copy is not applied; unknown → every copy counts', () => {
    const committed = { atUs: 2_000_000, by: 'S1', on: ['S1', 'S2', 'S3'] };
    const copies = [{ index: 3, term: 1, fate: 'committed' }] as const;
    const answers = [{ kind: 'unknown', atUs: 3_000_000 }] as const;
    const second = linesOf({ entries: [entry(2, '1', { fate: 'committed', committed, by: { ...by, copies } })] });
    expect(second).toContain('Second copy of the command at index 3: not applied again. §6.3');
    const now = (fate: EntryLife['fate'], others: typeof copies | readonly []) =>
      linesOf({ entries: [entry(2, '1', { fate, by: { ...by, answers, copies: others } })] }).at(-1);
    expect(now('lost', copies)).toBe('C1 got the answer: unknown. Now: committed at index 3.');
    expect(now('nowhere', [])).toBe('C1 got the answer: unknown. Now: on no server.');
    expect(now('open', [])).toBe('C1 got the answer: unknown. Now: still open.');
  });

  test('lines: both languages → every key has a sentence without a missing value', () => {
    const zh = createTranslations('zh-CN', (key) => expect.unreachable(key)).t;
    const answers = [{ kind: 'unknown', atUs: 3_000_000 }] as const;
    const life = { index: 5, stays: [stay('S1', 2, 1)], untilUs: 9, isCut: true };
    const lines = lifeLines(zh, { ...life, entries: [entry(2, '1', { by: { ...by, answers } })] }, SERVERS);
    for (const { text } of lines) expect(text).not.toMatch(/\{\{|undefined|life\./);
    expect(lines.at(-1)?.text).toBe('录像很长：更晚的事件未读。');
  });
});

describe('line of time', () => {
  test('time scale: long idle time → folded, moments around it keep their order and room', () => {
    const moments = [99_400_000, 99_600_000, 103_400_000, 131_600_000, 132_000_000, 134_000_000];
    const scale = createTimeScale(moments);
    expect(scale.gaps.map(({ lengthUs }) => lengthUs)).toEqual([28_200_000]);
    const places = moments.map((moment) => scale.at(moment));
    expect([places[0], places.at(-1)?.toFixed(6)]).toEqual([0, '1.000000']);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect((places[3] ?? 0) - (places[2] ?? 0)).toBeLessThan(0.2);
    // Bars that begin just before the gap, or end just behind it, are seen beside it.
    const [gap] = scale.gaps;
    expect((gap?.from ?? 0) - (places[2] ?? 0)).toBeGreaterThan(0.05);
    expect((places[3] ?? 0) - (gap?.to ?? 0)).toBeGreaterThan(0.05);
    for (const [at, place] of places.slice(1).entries()) expect(place - (places[at] ?? 0)).toBeGreaterThan(0.03);
    expect(scale.at(117_500_000)).toBeGreaterThan(places[2] ?? 0);
    expect(scale.at(999_000_000)).toBeCloseTo(1);
  });

  test('time scale: one moment, two moments, short times → nothing folds', () => {
    expect(createTimeScale([]).at(5)).toBe(0);
    expect(createTimeScale([5]).at(5)).toBe(0);
    expect(createTimeScale([0, 60_000_000]).gaps).toEqual([]);
    expect(createTimeScale([0, 10, 900_000]).gaps).toEqual([]);
  });
});
