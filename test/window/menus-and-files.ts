/**
 * The menus, the settings page and a person's scenario files in the built window. The tests click each of our own menu
 * items, change each setting, and open files by menu, by a second start and by an argument. They run behind the
 * stand-in and in the real Electron.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TRANSLATIONS } from '../../src/translations/index.ts';
import { exportedRun } from '../helpers/exported-run.ts';
import { until } from '../helpers/until.ts';
import { answerDialogs, chooseToOpen, openedBySystem, shownBoxes } from './dialogs.ts';
import type { WindowDriver } from './driver.ts';
import { clickMenu, isMenuEnabled, menuIds, menuLabel } from './menu.ts';
import { agree, pageOf, type WindowPage } from './window-page.ts';

const { en, 'zh-CN': zhCN } = TRANSLATIONS;

/** A file name with characters that paths, addresses and shells treat specially. */
const ODD_NAME = '我的 scenario #1 100%.raftscenario';

/** Text as an editor on Windows saves it: with a byte order mark, and CRLF at the end of each line. */
const windowsText = (title: string): string =>
  `\uFEFF${[
    'name: Own',
    `title: { en: ${title}, zh: ${title} }`,
    'cluster: { servers: 3, mode: production }',
    'steps:',
    '  - submit: set x 5',
    '  - checkOneLeader: L',
    '',
  ].join('\r\n')}`;

/**
 * @param launch     starts the program with these arguments
 * @param newFolder  makes a folder that is removed in the end
 */
export function playMenus(launch: (args: readonly string[]) => Promise<WindowDriver>, newFolder: () => string): void {
  describe('menus, settings and files', () => {
    let driver: WindowDriver;
    let page: WindowPage;
    const click = (id: string): Promise<void> => clickMenu(driver, id);

    beforeAll(async () => {
      driver = await launch([]);
      page = await pageOf(driver);
      await answerDialogs(driver);
      await page.leader();
    });
    afterAll(() => driver?.kill());

    test.each([
      ['new-run', en.newRun.title],
      ['all-runs', en.runsList.title],
      ['all-scenarios', en.scenario.dialog],
      ['settings', en.settings.title],
    ])('menu: %s → the page shows the dialog %s', async (id, title) => {
      await click(id);
      await until(title, async () => (await dialogTitle(page))?.includes(title));
      await page.press('Escape');
      await until('no dialog', async () => (await dialogTitle(page)) === null);
    });

    test('menu: language and theme → page, menu and frame have them', async () => {
      await click('language-zh-CN');
      await until('the Chinese menu', async () => (await menuLabel(driver, 'export')) === zhCN.menu.export);
      await page.textFits('sentence', /领袖/);
      await click('language-en');
      await until('the English menu', async () => (await menuLabel(driver, 'export')) === en.menu.export);
      for (const theme of ['dark', 'light', 'system'] as const) {
        await click(`theme-${theme}`);
        await until(theme, () => driver.main(({ nativeTheme }, wanted) => nativeTheme.themeSource === wanted, theme));
      }
    });

    test('settings: each one changed on the page → page, menu, frame and file have it', async () => {
      await click('settings');
      await until('the page of settings', async () => (await dialogTitle(page))?.includes('Settings'));
      await choose(page, 'Language', '中文');
      await until('the Chinese menu', async () => (await menuLabel(driver, 'export')) === zhCN.menu.export);
      await choose(page, '语言', 'English');
      await choose(page, 'Theme', 'Dark');
      await until('the frame', () => driver.main(({ nativeTheme }) => nativeTheme.themeSource === 'dark', null));
      await choose(page, 'Draw with the graphics card', 'Off');
      await choose(page, 'Keep the computer awake while a scenario plays', 'Off');
      const file = await driver.main(({ app }) => app.getPath('userData'), null);
      const saved = (): unknown => JSON.parse(readFileSync(join(file, 'settings.json'), 'utf8'));
      const wanted = { language: 'en', theme: 'dark', hardwareAcceleration: false, keepAwake: false };
      await until('the settings to be saved', () => (saved() as { keepAwake: boolean }).keepAwake === false);
      expect(saved()).toMatchObject(wanted);
      await page.press('Escape');
    });

    test('menu: folders, site, report and size → the system receives each request', async () => {
      await openedBySystem(driver);
      const places = await driver.main(
        ({ app }) => ({ data: app.getPath('userData'), logs: app.getPath('logs') }),
        null,
      );
      for (const id of ['open-data', 'open-logs', 'raft-site']) await click(id);
      expect(await openedBySystem(driver)).toEqual([places.data, places.logs, 'https://raft.github.io/']);
      await click('copy-report');
      const boxes = await until('the box', async () => orNull(await shownBoxes(driver)));
      expect(boxes.map(({ message }) => message)).toEqual([en.menu.reportCopied]);
      const report = await driver.main(({ clipboard }) => clipboard.readText(), null);
      for (const line of [/^dataFolderProblem: none$/m, /^displays: \d+x\d+ at \d+ %/m, /^fsyncMedian: [\d.]+ ms$/m]) {
        expect(report).toMatch(line);
      }
      await click('reset-window');
      const size = await driver.main(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize(), null);
      expect(size).toEqual([1280, 800]);
    });

    test('menu: kill the leader → four are up and another leads', async () => {
      const leader = await page.leader();
      await click('kill-leader');
      await page.textFits('sentence', new RegExp(`S(?!${leader.slice(1)})\\d leads.*4 of 5 up`));
    });

    test('menu: play a scenario and stop it → it plays, then the item is disabled', async () => {
      await click('play-Tour');
      await until('the scenario to play', async () => {
        // The page asks before it ends the live run, in which the leader was killed.
        await agree(page);
        return await isMenuEnabled(driver, 'stop-scenario');
      });
      await click('stop-scenario');
      await until('the scenario to be stopped', async () => !(await isMenuEnabled(driver, 'stop-scenario')));
    });

    test('menu: open a file with an odd name, from Windows → played', async () => {
      await chooseToOpen(driver, scenarioFile('by menu'));
      await click('open-file');
      await playing(page, 'by menu');
    });

    test('second start: with a file → exits with 0, the open window plays it', async () => {
      expect((await driver.again([scenarioFile('by start')])).code).toBe(0);
      await playing(page, 'by start');
    });

    test('exported file: by second start and by menu → opened without a cluster, under its name', async () => {
      const opened = async (title: string): Promise<void> => {
        await until(`the recording ${title}`, async () => {
          // The page asks if the scenario that played before has not ended yet.
          await agree(page);
          const shown = () => document.querySelector('[data-testid=banner-past]')?.textContent ?? '';
          return (await page.evaluate(shown, null)).includes(title);
        });
        // A recording has no leader to kill.
        await until('no leader to kill', async () => !(await isMenuEnabled(driver, 'kill-leader')));
      };
      expect((await driver.again([await recordingFile('by start')])).code).toBe(0);
      await opened('by start');
      await chooseToOpen(driver, await recordingFile('by menu'));
      await click('open-file');
      await opened('by menu');
    });

    test('menu: a recording → opened; one that was deleted → the page reports it', async () => {
      const recordings = async () => (await menuIds(driver)).filter((id) => /^open-\d/.test(id));
      const [gone = '', opened = ''] = await until('two recordings', async () => orNull((await recordings()).slice(1)));
      await click(opened);
      // A recording has no leader to kill.
      await until('the recording', async () => {
        await agree(page);
        return !(await isMenuEnabled(driver, 'kill-leader'));
      });
      // The menu leaves out the open recording, so its absence shows that the menu has read the list again.
      await until('the new list', async () => !(await recordings()).includes(opened));
      const runId = gone.slice('open-'.length);
      const folder = await driver.main(({ app }) => app.getPath('userData'), null);
      rmSync(join(folder, 'runs', runId), { recursive: true });
      await click(gone);
      const sentence = en.error['unknown-run'].replace('{{runId}}', runId);
      await until(sentence, () => page.evaluate((wanted) => document.body.textContent.includes(wanted), sentence));
    });

    test('start: with a file → it is played in place of the usual run', async () => {
      const other = await launch([scenarioFile('by argument')]);
      try {
        const shown = await pageOf(other);
        await shown.textFits('scenario', /by argument/);
        const folder = await other.main(({ app }) => app.getPath('userData'), null);
        const runs = await until('the run', async () => orNull(runsIn(folder)));
        expect(runs).toHaveLength(1);
      } finally {
        await other.kill();
      }
    });
  });

  async function recordingFile(title: string): Promise<string> {
    const file = join(newFolder(), `考试 #1 ${title}.jsonl`);
    writeFileSync(file, await exportedRun());
    return file;
  }

  function scenarioFile(title: string): string {
    const folder = join(newFolder(), '目录 & more');
    mkdirSync(folder);
    const file = join(folder, ODD_NAME);
    writeFileSync(file, windowsText(title));
    return file;
  }
}

/** Waits until the scenario with this title is playing. */
async function playing(page: WindowPage, title: string): Promise<void> {
  await until(title, async () => {
    await agree(page);
    const wanted = (name: string) => document.querySelector('[data-testid=scenario]')?.textContent?.includes(name);
    return (await page.evaluate(wanted, title)) === true;
  });
}

/** Title of the page's open dialog; null when no dialog is open. */
function dialogTitle(page: WindowPage): Promise<string | null> {
  return page.evaluate(() => document.querySelector('[role=dialog] h2')?.textContent ?? null, null);
}

/** Chooses a value on the settings page by the visible texts. */
async function choose(page: WindowPage, label: string, value: string): Promise<void> {
  await until(`${label}: ${value}`, () =>
    page.evaluate(
      (wanted) => {
        const group = document.querySelector(`[role=radiogroup][aria-label="${wanted.label}"]`);
        const one = [...(group?.querySelectorAll('label') ?? [])].find(
          ({ textContent }) => textContent === wanted.value,
        );
        one?.click();
        return one !== undefined;
      },
      { label, value },
    ),
  );
}

function runsIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'runs'));
}

function orNull<Item>(list: readonly Item[]): readonly Item[] | null {
  return list.length === 0 ? null : list;
}
