/** A person's actions on the dashboard: read the sentence, choose a server, type a command. */
import type { Locator, Page } from 'playwright-core';
import { textOf } from './browser.ts';

/** The fields of an exported line that the tests read. */
export interface ExportedEvent {
  readonly seq: number;
  readonly timeUs: number;
  readonly source: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Dashboard {
  readonly page: Page;
  sentence(): Promise<string>;
  /** Waits until the sentence matches, then returns it. */
  sentenceFits(pattern: RegExp, withinMs?: number): Promise<string>;
  /** Returns the server that leads according to the sentence. */
  leader(): Promise<string>;
  server(id: string): Locator;
  /** Selects one server by its number key and shows one of its tabs. */
  show(id: string, tab: string): Promise<void>;
  /** Types a command for the leader, or for one server, and waits until the answer beside it matches. */
  command(text: string, says: RegExp, target?: string): Promise<string>;
  /**
   * Returns one server's row of the log grid: `index:term` for each entry, with `?` while that server does not know it
   * is committed.
   */
  cells(id: string): Promise<readonly string[]>;
  /** Selects a server with its number key, after closing any open dialog or list. */
  select(id: string): Promise<void>;
  /** Waits until the story matches: the sentences about the last important events, newest first. */
  storyFits(pattern: RegExp, withinMs?: number): Promise<string>;
  /** Opens a menu of the header and chooses one of its items. */
  choose(menu: 'pace' | 'runs' | 'theme', item: RegExp): Promise<void>;
  /** Waits until these servers are in the same term and one of them leads. */
  oneTerm(ids: readonly string[]): Promise<void>;
  /** Waits until these servers show equal, non-empty logs with every entry committed; returns the cells of each row. */
  equalLogs(ids: readonly string[]): Promise<readonly string[]>;
  /** Exports the run with the button and reads the file. */
  exported(): Promise<readonly ExportedEvent[]>;
}

export function dashboardOf(page: Page): Dashboard {
  const sentence = page.getByTestId('sentence');
  const sentenceFits = (pattern: RegExp, withinMs = 40_000) => textThatFits(page, 'sentence', pattern, withinMs);
  const cells = (id: string): Promise<readonly string[]> =>
    page
      .getByTestId(`log-row-${id}`)
      .locator('[data-term]')
      .evaluateAll((found) =>
        found.map((cell) => {
          const { cell: at, term, committed } = (cell as HTMLElement).dataset;
          return `${at?.split(':')[1]}:${term}${committed === 'true' ? '' : '?'}`;
        }),
      );
  return {
    page,
    sentence: async () => (await sentence.textContent()) ?? '',
    sentenceFits,
    leader: async () => {
      const text = await sentenceFits(/S\d leads/);
      return /S\d/.exec(text)?.[0] ?? '';
    },
    server: (id) => page.getByTestId(`server-${id}`),
    show: async (id, tab) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press(id.slice(1));
      await page.getByRole('tab', { name: tab }).click();
    },
    command: async (text, says, target) => {
      await page.getByTestId('command-target').click();
      await page.getByRole('menuitem', { name: target ?? /^leader/i }).click();
      await page.getByTestId('command-input').fill(text);
      await page.keyboard.press('Enter');
      const result = await textThatFits(page, 'command-result', says, 60_000);
      await page.getByTestId('command-input').blur();
      return result;
    },
    cells,
    select: async (id) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press(id.slice(1));
    },
    storyFits: (pattern, withinMs = 40_000) => textThatFits(page, 'story', pattern, withinMs),
    choose: async (menu, item) => {
      await page.getByTestId(menu).click();
      await page.getByRole('menuitem', { name: item }).click();
    },
    oneTerm: async (ids) => {
      const waited = page.waitForFunction(
        (names) => {
          const labels = names.map(
            (name) => document.querySelector(`[data-testid=server-${name}] .unseen`)?.textContent,
          );
          const terms = new Set(labels.map((label) => /term (\d+)/.exec(label ?? '')?.[1]));
          return terms.size === 1 && labels.filter((label) => label?.includes(', leader, ')).length === 1;
        },
        [...ids],
        { timeout: 40_000 },
      );
      await orSay(page, waited);
    },
    equalLogs: async (ids) => {
      const waited = page.waitForFunction(
        (names) => {
          const rows = names.map((name) =>
            [...document.querySelectorAll<HTMLElement>(`[data-testid=log-row-${name}] [data-term]`)]
              .map(({ dataset }) => `${dataset.cell?.split(':')[1]}:${dataset.term}:${dataset.committed}`)
              .join(),
          );
          return rows.every((row) => row !== '' && row === rows[0] && !row.includes('false'));
        },
        [...ids],
        { timeout: 40_000 },
      );
      await orSay(page, waited);
      return cells(ids[0] ?? '');
    },
    exported: async () => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()]);
      const lines = (await textOf(download)).trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as ExportedEvent);
    },
  };
}

/** Waits until the text matches and returns the matching text. A second read could already return another text. */
async function textThatFits(page: Page, testId: string, pattern: RegExp, withinMs: number): Promise<string> {
  const waited = page.waitForFunction(
    ([id, source, flags]) => {
      const place = document.querySelector(`[data-testid=${id}]`);
      const text = place?.checkVisibility() === true ? (place.textContent ?? '').replace(/\s+/g, ' ').trim() : '';
      return new RegExp(source, flags).test(text) ? { text } : null;
    },
    [testId, pattern.source, pattern.flags] as const,
    { timeout: withinMs },
  );
  const fits = await (await orSay(page, waited)).jsonValue();
  return fits?.text ?? '';
}

/** Awaits the promise. After a timeout the error adds what the page showed: every server, and the last events. */
async function orSay<Got>(page: Page, waited: Promise<Got>): Promise<Got> {
  try {
    return await waited;
  } catch (cause) {
    const servers = await page.locator('[data-testid^=server-] .unseen').allTextContents();
    const events = await page.getByTestId('events-recent').locator('[data-event]').allTextContents();
    const shown = [...servers, ...events.slice(-40)].join('\n');
    throw new Error(`${(cause as Error).message}\nthe page showed:\n${shown}`, { cause });
  }
}
