/** The cells of the log grid: content in short, and the signs of the newest leader. */
import { describe, expect, test } from 'vitest';
import { type ClusterView, type EntryView, emptyView, type ServerView } from '../../src/core/trace/index.ts';
import { commandInCell, entryInCell } from '../../src/renderer/log/cell-text.ts';
import { cellOf, entriesAt, rowOf, SIGNS } from '../../src/renderer/log/log-model.ts';
import { remembering } from '../../src/renderer/log/measure-text.ts';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { createOneThreadLab } from './one-thread-lab.ts';

/** A cluster of one entry: the leader has counted it, the others do not know that yet. */
function committedView(): ClusterView {
  const lab = createOneThreadLab();
  void lab.door.ask('createRun', {});
  lab.advanceUntil((view) => view.leader !== null);
  void lab.door.ask('submit', { command: { op: 'set', key: 'x', value: '1' } });
  lab.advanceUntil((view) => view.commitIndex === 1);
  return lab.view();
}

/** The view in which one server has another log. */
function withLog(view: ClusterView, id: string, part: Partial<ServerView>): ClusterView {
  const server = view.servers[id];
  if (server === undefined) throw new Error(`${id} is not in the view`);
  return { ...view, servers: { ...view.servers, [id]: { ...server, ...part } } };
}

function serverOf(view: ClusterView, id: string): ServerView {
  const server = view.servers[id];
  if (server === undefined) throw new Error(`${id} is not in the view`);
  return server;
}

const signsOf = (view: ClusterView, id: string, index: number): readonly string[] => {
  const cell = cellOf(rowOf(view, serverOf(view, id)), index);
  return SIGNS.filter(({ isOn }) => isOn(cell)).map(({ key }) => key);
};

describe('signs', () => {
  test('cell: first commit → committed on the leader only; its signs stand at the others', () => {
    const view = committedView();
    const leader = view.leader?.server ?? '';
    expect(signsOf(view, leader, 1)).toEqual(['committed']);
    expect(signsOf(view, leader, 2)).toEqual([]);
    const others = Object.keys(view.servers).filter((id) => id !== leader);
    expect(others.filter((id) => signsOf(view, id, 1).includes('leaderKnows')).length).toBeGreaterThan(1);
    for (const id of others) expect(signsOf(view, id, 1)).toContain('uncommitted');
    expect(others.some((id) => signsOf(view, id, 2).includes('sendsNext'))).toBe(true);
  });

  test('cell: no leader → no sign of a leader, no conflict', () => {
    const view = { ...committedView(), leader: null };
    for (const id of Object.keys(view.servers)) {
      for (const index of [1, 2])
        expect(['uncommitted', 'committed', undefined]).toContain(signsOf(view, id, index)[0]);
    }
  });

  test('cell: another term than the leader’s there or before → conflict; only a longer log → none', () => {
    const view = committedView();
    const leader = view.leader?.server ?? '';
    const [id = ''] = Object.keys(view.servers).filter((one) => one !== leader);
    const term = view.leader?.term ?? 0;
    const other = withLog(view, id, { log: [{ term: term + 7, first: 1, last: 2 }], lastIndex: 2 });
    expect([1, 2].map((index) => signsOf(other, id, index).includes('conflict'))).toEqual([true, true]);
    const longer = withLog(view, id, { log: [{ term, first: 1, last: 3 }], lastIndex: 3 });
    expect([1, 2, 3].map((index) => signsOf(longer, id, index).includes('conflict'))).toEqual([false, false, false]);
  });

  test('cell: server died while it wrote → torn behind its last entry', () => {
    const view = committedView();
    const [id = ''] = Object.keys(view.servers);
    const disk = { ok: true, term: 1, votedFor: null, lastIndex: 1, tornBytes: 20, message: '' };
    const died = withLog(view, id, { status: 'down', log: [{ term: 1, first: 1, last: 1 }], lastIndex: 1, disk });
    expect(signsOf(died, id, 1)).not.toContain('torn');
    expect(signsOf(died, id, 2)).toContain('torn');
  });

  test('entries at an index: two terms stand there → the content of both', () => {
    const view = committedView();
    const term = view.leader?.term ?? 0;
    const [id = ''] = Object.keys(view.servers);
    const known = Object.values(view.entries)[0] as EntryView;
    const entries = { ...view.entries, '1:90': { ...known, entry: { ...known.entry, term: 90 } } };
    const both = { ...withLog(view, id, { log: [{ term: 90, first: 1, last: 1 }] }), entries };
    const rows = Object.values(both.servers).map((server) => rowOf(both, server));
    expect(new Set(entriesAt(both, rows, 1).map(({ entry }) => entry.term))).toEqual(new Set([term, 90]));
    expect(entriesAt(both, rows, 2)).toEqual([]);
  });
});

describe('content', () => {
  test('command in a cell: each command and other JSON → short, and told apart', () => {
    expect(commandInCell({ op: 'set', key: 'x', value: '5' })).toBe('x=5');
    expect(commandInCell({ op: 'append', key: 'x', value: '5' })).toBe('x+=5');
    expect(commandInCell({ op: 'cas', key: 'x', expected: null, value: '5' })).toBe('x:∅→5');
    expect(commandInCell({ op: 'get', key: 'x' })).toBe('get x');
    expect(commandInCell({ op: 'delete', key: 'x' })).toBe('delete x');
    expect(commandInCell([1, 2])).toBe('[1,2]');
  });

  test('entry in a cell: no-op and session → words, the client once it is known', () => {
    const { t } = createTranslations('en');
    const at = { index: 1, term: 1 };
    expect(entryInCell(t, { entry: { ...at, type: 'noop' } })).toBe('no-op');
    expect(entryInCell(t, { entry: { ...at, type: 'session' } })).toBe('a client joins');
    expect(entryInCell(t, { entry: { ...at, type: 'session' }, client: 'C1' })).toBe('C1 joins');
  });

  test('measure: the same text again → remembered; very many texts → still right', () => {
    let asked = 0;
    const measure = remembering((text) => {
      asked += 1;
      return text.length;
    });
    expect([measure('ab'), measure('ab'), asked]).toEqual([2, 2, 1]);
    for (let at = 0; at < 5_000; at += 1) expect(measure(`t${at}`)).toBe(`t${at}`.length);
    expect(measure('ab')).toBe(2);
  });
});

test('empty view: no server → no row, nothing thrown', () => {
  expect(Object.values(emptyView.servers).map((server) => rowOf(emptyView, server))).toEqual([]);
});
