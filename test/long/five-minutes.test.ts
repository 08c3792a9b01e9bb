/**
 * README's five minutes at classroom pace, in both languages, by a script that only reads the screen and uses keys and pointer.
 * Each sentence that README relies on was in the block of the story for at least 2.5 s, on the page's own clock.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../e2e/browser.ts';
import { type Host, startHost } from '../e2e/host.ts';

/** Shortest time in which a person reads a short sentence, in milliseconds. */
const READABLE_MS = 2500;
const WITHIN_MS = 60_000;
const ALL = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** The texts that the script reads. */
const READ = {
  en: {
    leads: /\b(S\d) leads term \d+/,
    won: (server: string) => new RegExp(`${server} .*won .*\\d of 5 votes`),
    committed: /[Ss]et x 5 is (?:committed|done) at index 2/,
    killed: (server: string) => new RegExp(`${server} was killed with SIGKILL`),
    restored: (server: string) => new RegExp(`${server} read .*from its disk`),
    caughtUp: /caught up/,
    cutOff: /cut off from the others/,
    cannotCommit: (server: string) => new RegExp(`${server}.* cannot commit`),
    healed: /connected again/,
    dropped: (server: string) => new RegExp(`${server}.*dropped`),
    done: /done @\d/,
    leader: /^leader/,
  },
  'zh-CN': {
    leads: /(S\d) 是任期 \d+ 的领袖/,
    won: (server: string) => new RegExp(`${server}.*5 票中的 \\d 票当选`),
    committed: /[Ss]et x 5 已在索引 2 (?:提交|完成)/,
    killed: (server: string) => new RegExp(`${server} 被 SIGKILL 杀死`),
    restored: (server: string) => new RegExp(`${server} 从磁盘读出`),
    caughtUp: /追上/,
    cutOff: /与其他服务器隔离/,
    cannotCommit: (server: string) => new RegExp(`${server}.*无法提交`),
    healed: /重新连通/,
    dropped: (server: string) => new RegExp(`${server}.*丢弃了日志项`),
    done: /完成 @\d/,
    leader: /^领袖/,
  },
} as const;

let host: Host;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** Runs in the page: adds up, frame by frame, for how long each sentence is in the block. */
function watchStory(): void {
  const readable: Record<string, number> = {};
  Object.assign(window, { readable });
  let before: readonly string[] = [];
  let beforeMs = performance.now();
  function look(): void {
    const nowMs = performance.now();
    const lines = [...document.querySelectorAll<HTMLElement>('.story-text')].filter((line) => line.checkVisibility());
    const now = lines.map(({ textContent }) => textContent ?? '');
    // Time counts only between two looks that both saw the sentence.
    for (const text of now) if (before.includes(text)) readable[text] = (readable[text] ?? 0) + nowMs - beforeMs;
    before = now;
    beforeMs = nowMs;
    requestAnimationFrame(look);
  }
  look();
}

/** Waits until a sentence that matches has been in the block for 2.5 s; resolves with how long it was, in milliseconds. */
async function read(page: Page, pattern: RegExp): Promise<number> {
  const waited = page.waitForFunction(
    ([source, least]) => {
      const { readable } = window as unknown as { readable: Record<string, number> };
      const found = Object.entries(readable).filter(([text, ms]) => ms >= least && new RegExp(source).test(text));
      return found.length === 0 ? null : Math.max(...found.map(([, ms]) => ms));
    },
    [pattern.source, READABLE_MS] as const,
    { timeout: WITHIN_MS },
  );
  try {
    return (await (await waited).jsonValue()) ?? 0;
  } catch (cause) {
    const shown = await page.evaluate(() =>
      JSON.stringify((window as unknown as { readable: unknown }).readable, null, 1),
    );
    throw new Error(`${pattern} was not readable for ${READABLE_MS} ms; in the block were\n${shown}`, { cause });
  }
}

/** Waits until the sentence of the header matches, and returns its first group. */
async function header(page: Page, pattern: RegExp): Promise<string> {
  const waited = page.waitForFunction(
    (source) =>
      new RegExp(source).exec(document.querySelector('[data-testid=sentence]')?.textContent ?? '')?.[1] ?? null,
    pattern.source,
    { timeout: WITHIN_MS },
  );
  return (await (await waited).jsonValue()) ?? '';
}

async function command(page: Page, text: string, target: RegExp | string): Promise<void> {
  await page.getByTestId('command-target').click();
  await page.getByRole('menuitem', { name: target }).click();
  await page.getByTestId('command-input').fill(text);
  await page.keyboard.press('Enter');
  await page.getByTestId('command-input').blur();
}

async function select(page: Page, server: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press(server.slice(1));
}

/** A pattern for a header that names another leader than this one. */
const otherThan = (leads: RegExp, old: string): RegExp =>
  new RegExp(leads.source.replace('(S\\d)', `(S(?!${old.slice(1)})\\d)`));

test('five minutes in en: each sentence → readable for 2.5 s', () => play('en'));
test('five minutes in zh-CN: each sentence → readable for 2.5 s', () => play('zh-CN'));

/** Plays README's five minutes in this language. Fails when a sentence stood for less than its time. */
async function play(language: keyof typeof READ): Promise<void> {
  const texts = READ[language];
  host = await startHost();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: language });
  try {
    await page.addInitScript(watchStory);
    await page.goto(host.address);
    const times: Record<string, number> = {};
    const reads = async (what: string, pattern: RegExp): Promise<void> => {
      times[what] = await read(page, pattern);
    };

    const first = await header(page, texts.leads);
    await reads('elected', texts.won(first));

    await page.keyboard.press('c');
    await command(page, 'set x 5', texts.leader);
    await page.getByTestId('command-result').filter({ hasText: texts.done }).waitFor();
    await reads('committed', texts.committed);

    await select(page, first);
    await page.keyboard.press('k');
    await reads('killed', texts.killed(first));
    const second = await header(page, otherThan(texts.leads, first));
    await reads('new leader', texts.won(second));

    await page.keyboard.press('r');
    await reads('restored', texts.restored(first));
    await reads('caught up', texts.caughtUp);

    const other = ALL.find((id) => id !== second) ?? '';
    await page.keyboard.press('Escape');
    for (const id of [second, other]) await page.getByTestId(`server-${id}`).click({ modifiers: ['Shift'] });
    await page.keyboard.press('p');
    await reads('cut off', texts.cutOff);
    const third = await header(page, otherThan(texts.leads, second));
    await reads('leader of the majority', texts.won(third));
    await command(page, 'set lost 1', second);
    await reads('cannot commit', texts.cannotCommit(second));
    await command(page, 'set kept 2', texts.leader);
    await page.getByTestId('command-result').filter({ hasText: texts.done }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+H');
    await reads('healed', texts.healed);
    await reads('dropped', texts.dropped(second));

    for (const [what, ms] of Object.entries(times)) expect(ms, what).toBeGreaterThanOrEqual(READABLE_MS);
  } finally {
    await page.close();
    await host.stop();
  }
}
