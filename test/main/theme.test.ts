/** Frame, menus and dialogs have the page's theme, also before there is a page. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CHANNELS } from '../../src/core/lab-api/window-channels.ts';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron, type FakeElectron } from '../helpers/electron.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-theme-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(): Promise<FakeElectron> {
  const electron = createElectron({ logs: folder });
  const process = { on: () => undefined };
  await runApp(electron.parts, {
    createLab: createFakeLab,
    folder,
    env: { RAFT_LAB_DATA_DIR: folder },
    home: () => folder,
    platform: 'linux',
    process,
  });
  return electron;
}

function background(electron: FakeElectron): unknown {
  const options = electron.windows[0]?.options as { readonly backgroundColor: string } | undefined;
  return options?.backgroundColor;
}

test('theme: chosen on the page → the frame has it at once, and the next start before the page', async () => {
  const first = await start();
  expect([first.parts.nativeTheme.themeSource, background(first)]).toEqual(['system', '#0f1318']);
  first.tell(CHANNELS.theme, ['light']);
  expect(first.parts.nativeTheme.themeSource).toBe('light');
  expect(readdirSync(folder).sort()).toEqual(['window', 'window.json']);
  const next = await start();
  expect([next.parts.nativeTheme.themeSource, background(next)]).toEqual(['light', '#ffffff']);
  next.tell(CHANNELS.theme, ['system']);
  expect((await start()).parts.nativeTheme.themeSource).toBe('system');
});

test('theme: not one of the list → ignored', async () => {
  const electron = await start();
  for (const theme of ['auto', 'blue', '__proto__', 7, null]) electron.tell(CHANNELS.theme, [theme]);
  expect([electron.parts.nativeTheme.themeSource, readdirSync(folder)]).toEqual(['system', ['window']]);
});

test.each(['', '{', 'null', '[]', '{"theme":"blue"}'])('theme file: holds %j → system', async (text) => {
  writeFileSync(join(folder, 'window.json'), text);
  expect((await start()).parts.nativeTheme.themeSource).toBe('system');
});
