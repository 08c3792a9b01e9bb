/**
 * The dashboard and accessibility: axe finds no serious problem in any state, in both languages and both themes, with
 * real layout and real colours. Reduced motion is tested in keyboard.test.ts.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { type Host, startHost } from './host.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Look {
  readonly name: string;
  readonly dashboard: Dashboard;
}

let host: Host;
let browser: Browser;
let looks: readonly Look[];
/** The dashboard in English and the light theme, whose page carries out the actions. */
let first: Dashboard;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost(), openBrowser()]);
  const wanted = (['en-US', 'zh-CN'] as const).flatMap((locale) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ locale, colorScheme })),
  );
  looks = await Promise.all(
    wanted.map(async (of) => {
      // Elements that fade in are judged at their final opacity.
      const options = {
        ...of,
        viewport: { width: 1280, height: 800 },
        reducedMotion: 'reduce',
        bypassCSP: true,
      } as const;
      const context = await browser.newContext(options);
      const page = await context.newPage();
      await page.goto(host.address);
      await page.addScriptTag({ content: axeSource });
      return { name: `${of.locale} ${of.colorScheme}`, dashboard: dashboardOf(page) };
    }),
  );
  const [look] = looks;
  if (look === undefined) throw new Error('no page');
  first = look.dashboard;
  await first.leader();
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

interface Finding {
  readonly rule: string;
  readonly impact: string | null | undefined;
  readonly where: readonly string[];
}

/** Runs axe in the page's current state. */
async function findings(page: Page): Promise<readonly Finding[]> {
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({
        rule: id,
        impact,
        where: nodes.map((node) => `${node.html.slice(0, 160)} · ${node.failureSummary?.split('\n')[1]?.trim()}`),
      }));
  });
}

/** Brings all four dashboards into the state and expects that axe finds no serious problem in any of them. */
async function nothingSerious(state: string, bring: (look: Dashboard) => Promise<unknown>): Promise<void> {
  const found = await Promise.all(
    looks.map(async ({ name, dashboard }) => {
      await bring(dashboard);
      const serious = await findings(dashboard.page);
      return serious.map((finding) => ({ state, look: name, ...finding }));
    }),
  );
  expect.soft(found.flat()).toEqual([]);
}

const tab =
  (place: number) =>
  async ({ page }: Dashboard): Promise<void> => {
    await page.getByRole('tab').nth(place).click();
    await page.locator('[role=tabpanel]').locator('dl, table').first().waitFor();
  };

test('axe: page with a nameless button and pale text → both reported', async () => {
  const page = await browser.newPage({ bypassCSP: true });
  await page.setContent('<html lang="en"><title>x</title><main><button></button><p style="color:#ccc">pale</p></main>');
  await page.addScriptTag({ content: axeSource });
  const rules = (await findings(page)).map(({ rule }) => rule);
  expect(rules).toEqual(expect.arrayContaining(['button-name', 'color-contrast']));
  await page.close();
});

test('healthy cluster, its menus, events, an entry, a link → accessible', async () => {
  await first.command('set x 5', /done @2/);
  await first.equalLogs(['S1', 'S2', 'S3', 'S4', 'S5']);
  await nothingSerious('healthy', ({ page }) => page.getByTestId('try-submit').waitFor());
  await nothingSerious('pace menu', async ({ page }) => {
    await page.getByTestId('pace').click();
    await page.getByRole('menuitem').first().waitFor();
  });
  await nothingSerious('events open', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByTestId('show-events').click();
    await page.getByTestId('events-list').waitFor();
  });
  await nothingSerious('entry', async ({ page }) => {
    await page.locator('[data-cell="S1:2"]').click();
    await page.getByTestId('entry-panel').waitFor();
  });
  await nothingSerious('link', async ({ page }) => {
    await page.getByTestId('link-S1-S2').locator('.hit').click({ force: true });
    await page.getByTestId('link-panel').waitFor();
  });
});

test('selected server: each of its four tabs → accessible', async () => {
  const leader = await first.leader();
  for (const place of [0, 1, 2, 3]) {
    await nothingSerious(`tab ${place}`, async (look) => {
      await look.select(leader);
      await tab(place)(look);
    });
  }
});

test('dialogs: each one open → accessible', async () => {
  const dialog = async ({ page }: Dashboard, open: () => Promise<unknown>): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await open();
    await page.getByRole('dialog').waitFor();
  };
  const fromRuns = (place: number) => (look: Dashboard) =>
    dialog(look, async () => {
      await look.page.getByTestId('runs').click();
      await look.page.getByRole('menuitem').nth(place).click();
    });
  await nothingSerious('help', (look) => dialog(look, () => look.page.keyboard.press('?')));
  await nothingSerious('settings', (look) =>
    dialog(look, async () => {
      await look.page.getByTestId('theme').click();
      await look.page.getByTestId('settings-open').click();
    }),
  );
  await nothingSerious('new run', fromRuns(0));
  await nothingSerious('recordings', async (look) => {
    await fromRuns(3)(look);
    await look.page.locator('.run-row').first().waitFor();
  });
  for (const { dashboard } of looks) await dashboard.page.keyboard.press('Escape');
});

test('leader dead with a toast, view frozen, invalid command → accessible', async () => {
  const dead = await first.leader();
  await first.select(dead);
  await first.page.keyboard.press('k');
  await first.page.getByTestId('toast').waitFor();
  const seeDead = (place: number) => async (look: Dashboard) => {
    await look.page.locator(`[data-testid=server-${dead}][data-look=down]`).waitFor();
    await look.select(dead);
    await look.page.getByRole('tab').nth(place).click();
  };
  for (const place of [0, 1, 2, 3]) await nothingSerious(`dead, tab ${place}`, seeDead(place));
  await nothingSerious('frozen, bad command', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByTestId('command-input').fill('sett x');
    await page.keyboard.press('Enter');
    await page.getByTestId('command-input').blur();
    await page.keyboard.press('Space');
    await page.getByTestId('banner-frozen').waitFor();
  });
  for (const { dashboard } of looks) await dashboard.page.keyboard.press('Space');
  await first.select(dead);
  await first.page.keyboard.press('r');
  await first.sentenceFits(/5 of 5 up/);
});

test('two servers cut off, a wall, a group chosen, an uncommitted entry → accessible', async () => {
  const old = await first.leader();
  const [other = '', third = ''] = ['S1', 'S2', 'S3'].filter((id) => id !== old);
  await first.page.keyboard.press('Escape');
  for (const id of [old, other]) await first.server(id).click({ modifiers: ['Shift'] });
  await first.page.keyboard.press('p');
  await first.sentenceFits(new RegExp(`S(?!${old.slice(1)})\\d leads`));
  await first.command('set lost 1', /@\d+|index \d+/, old);
  await nothingSerious('cut', async ({ page, server }) => {
    await page.getByTestId('fault-chip').waitFor();
    await page.keyboard.press('Escape');
    await server(third).click({ modifiers: ['Shift'] });
    await page.locator('.group-bar').waitFor();
  });
});

test('frozen server, one direction cut, unreliable network, random faults, recovery → accessible', async () => {
  const { page } = first;
  await page.keyboard.press('Shift+H');
  await page.getByTestId('fault-chip').first().waitFor({ state: 'detached' });
  const lead = await first.leader();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press(lead.slice(1));
  await page.keyboard.press('f');
  await nothingSerious('frozen', (look) => look.page.getByTestId('fault-chip').waitFor());
  await page.keyboard.press('f');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
  await nothingSerious('link', async (look) => {
    await look.page.getByTestId('link-S1-S2').dispatchEvent('click');
    await look.page.getByTestId('link-panel').waitFor();
  });
  await page.getByTestId('choice-S1>S2').selectOption('cut');
  await nothingSerious('one way', (look) => look.page.getByTestId('fault-chip').waitFor());
  await page.keyboard.press('u');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await nothingSerious('nemesis', async (look) => {
    await look.page.keyboard.press('Escape');
    await look.page.getByTestId('faults-hidden').or(look.page.getByTestId('heal-all')).first().waitFor();
  });
  await page.keyboard.press('Shift+H');
  await page.getByTestId('fault-chip').first().waitFor({ state: 'detached', timeout: 60_000 });
});

test('no leader, all servers down, nothing open, a recording → accessible', async () => {
  const { page } = first;
  for (const { dashboard } of looks) await dashboard.page.keyboard.press('Escape');
  await page.keyboard.press('Shift+H');
  await page.getByTestId('fault-chip').waitFor({ state: 'detached' });
  const kill = async (id: string): Promise<void> => {
    await first.select(id);
    await page.keyboard.press('k');
    await page.locator(`[data-testid=server-${id}][data-look=down]`).waitFor();
  };
  const leader = await first.leader();
  const others = ['S1', 'S2', 'S3', 'S4', 'S5'].filter((id) => id !== leader);
  for (const id of [leader, ...others.slice(0, 2)]) await kill(id);
  const says = (saying: string) => (look: Dashboard) =>
    look.page.locator(`[data-testid=sentence][data-saying=${saying}]`).waitFor();
  await nothingSerious('nothing can be committed', says('nothing-commits'));
  for (const id of others.slice(2)) await kill(id);
  await nothingSerious('all down', says('all-down'));
  await first.choose('runs', /Close the run/);
  await nothingSerious('idle', says('idle'));
  await page.getByTestId('runs').click();
  await page.getByRole('menuitem', { name: /Open a recording/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Open' }).first().click();
  await nothingSerious('recording', (look) => look.page.getByTestId('banner-past').waitFor());
});
