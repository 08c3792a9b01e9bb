/** The bridge exposes exactly these functions and no object of Electron, and the built file loads in a sandbox. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNELS, type WindowBridge } from '../../src/core/lab-api/window-channels.ts';

const parts = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  sent: [] as unknown[][],
  heard: new Map<string, (event: unknown, ...args: unknown[]) => void>(),
}));

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: unknown) => parts.exposed.set(name, value) },
  ipcRenderer: {
    on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => parts.heard.set(channel, listener),
    send: (...args: unknown[]) => parts.sent.push(args),
    invoke: async (...args: unknown[]) => ({ invoked: args }),
  },
  webUtils: { getPathForFile: ({ name }: File) => (name === 'made by the page' ? '' : `/home/me/${name}`) },
}));

let bridge: WindowBridge;

beforeEach(async () => {
  vi.resetModules();
  parts.exposed.clear();
  parts.heard.clear();
  parts.sent.length = 0;
  await import('../../src/preload/index.ts');
  bridge = parts.exposed.get('raftLab') as WindowBridge;
});

const push = (value: unknown): void => parts.heard.get(CHANNELS.push)?.({ sender: 'electron’s own' }, value);

describe('window.raftLab', () => {
  test('bridge: exposed → window.raftLab alone, with exactly these members', () => {
    expect([...parts.exposed.keys()]).toEqual(['raftLab']);
    const shape = Object.entries(bridge).map(([key, value]) => `${key}: ${typeof value}`);
    expect(shape.sort()).toEqual([
      'actOnSettings: function',
      'ask: function',
      'changeSettings: function',
      'exportRun: function',
      'kind: string',
      'listen: function',
      'onAction: function',
      'openNamed: function',
      'openRecording: function',
      'readSettings: function',
      'setLanguage: function',
      'setTheme: function',
      'showExported: function',
    ]);
    expect([...parts.heard.keys()]).toEqual([CHANNELS.push, CHANNELS.action]);
  });

  test('bridge: more arguments than allowed → only the name and the ask reach main', async () => {
    const extra = bridge.ask as unknown as (...args: unknown[]) => Promise<unknown>;
    expect(await extra('listRuns', {}, 'more', 'still more')).toEqual({ invoked: [CHANNELS.ask, 'listRuns', {}] });
    const save = bridge.exportRun as unknown as (...args: unknown[]) => Promise<unknown>;
    expect(await save('/etc/passwd')).toEqual({ invoked: [CHANNELS.exportRun] });
  });

  test('bridge: openRecording → main gets the path that the system knows for the file', async () => {
    const open = async (name: string): Promise<unknown> => await bridge.openRecording({ name } as File, false);
    expect(await open('run.jsonl')).toEqual({ invoked: [CHANNELS.openRecording, '/home/me/run.jsonl', false] });
    const params = { path: 'made by the page', errno: 'ENOENT' };
    expect(await open('made by the page')).toMatchObject({ ok: false, error: { code: 'cannot-read', params } });
  });

  test('bridge: push → the listener gets the data alone, without Electron’s event', () => {
    const heard: unknown[][] = [];
    const stop = bridge.listen((...args: unknown[]) => heard.push(args));
    push({ type: 'mode' });
    expect(heard).toEqual([[{ type: 'mode' }]]);
    expect(stop.length).toBe(0);
    expect(stop()).toBeUndefined();
    push({ type: 'view' });
    expect(heard).toHaveLength(1);
  });

  test('bridge: a listener throws → the others get the push, and it is acknowledged', () => {
    const report = vi.spyOn(console, 'error').mockReturnValue();
    const heard: unknown[] = [];
    bridge.listen(() => {
      throw new Error('a bug of the page');
    });
    bridge.listen((one) => heard.push(one));
    parts.sent.length = 0;
    push({ type: 'mode' });
    push({ type: 'view' });
    expect(heard).toEqual([{ type: 'mode' }, { type: 'view' }]);
    expect(parts.sent).toEqual([[CHANNELS.taken], [CHANNELS.taken]]);
    expect(report).toHaveBeenCalledWith(expect.stringContaining('a bug of the page'));
    report.mockRestore();
  });

  test('onAction: menu item → the action alone, until the listener is removed', () => {
    const acted: unknown[][] = [];
    const stop = bridge.onAction((...args: unknown[]) => acted.push(args));
    const choose = () => parts.heard.get(CHANNELS.action)?.({ sender: 'electron’s own' }, { action: 'kill-leader' });
    choose();
    expect([acted, stop()]).toEqual([[[{ action: 'kill-leader' }]], undefined]);
    choose();
    expect(acted).toHaveLength(1);
  });

  test('listen: first listener → main starts; push → acknowledged; last one leaves → main stops', () => {
    const one = bridge.listen(() => undefined);
    const two = bridge.listen(() => undefined);
    push({ type: 'mode' });
    one();
    one();
    two();
    bridge.setLanguage('zh-CN');
    bridge.setTheme('dark');
    bridge.showExported();
    expect(parts.sent).toEqual([
      [CHANNELS.listen],
      [CHANNELS.listen],
      [CHANNELS.taken],
      [CHANNELS.unlisten],
      [CHANNELS.language, 'zh-CN'],
      [CHANNELS.theme, 'dark'],
      [CHANNELS.showExported],
    ]);
  });
});

const built = join(import.meta.dirname, '..', '..', 'out', 'preload', 'index.cjs');

test('built preload: one CommonJS file → requires only electron', ({ skip }) => {
  if (!existsSync(built)) skip('out/preload/index.cjs is not built; npm test builds it first');
  const text = readFileSync(built, 'utf8');
  const required = [...text.matchAll(/\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/g)].map((match) => match[1]);
  expect([...new Set(required)]).toEqual(['electron']);
  expect(text).not.toMatch(/^\s*(import|export)\s/m);
  expect(text).not.toMatch(/\bimport\(/);
});
