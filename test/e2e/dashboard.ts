/** What a person does on the dashboard, in a person's words: read the sentence, choose a server, type a command. */
import type { Locator, Page } from 'playwright-core';

export interface Dashboard {
  readonly page: Page;
  sentence(): Promise<string>;
  /** Waits until the sentence fits and gives it. */
  sentenceFits(pattern: RegExp, withinMs?: number): Promise<string>;
  /** The server the sentence says leads. */
  leader(): Promise<string>;
  server(id: string): Locator;
  /** Selects one server by its number key and shows one of its tabs. */
  show(id: string, tab: string): Promise<void>;
  /** Types a command for the leader, or for one server, and waits until what is written beside it fits. */
  command(text: string, says: RegExp, target?: string): Promise<string>;
  /** One server's row of the log grid: `index:term` for each entry, with `?` while it is not committed there. */
  cells(id: string): Promise<readonly string[]>;
}

export function dashboardOf(page: Page): Dashboard {
  const sentence = page.getByTestId('sentence');
  const sentenceFits = async (pattern: RegExp, withinMs = 40_000): Promise<string> => {
    await sentence.filter({ hasText: pattern }).waitFor({ timeout: withinMs });
    return (await sentence.textContent()) ?? '';
  };
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
      const result = page.getByTestId('command-result');
      await result.filter({ hasText: says }).waitFor({ timeout: 60_000 });
      await page.getByTestId('command-input').blur();
      return (await result.textContent()) ?? '';
    },
    cells: (id) =>
      page
        .getByTestId(`log-row-${id}`)
        .locator('[data-term]')
        .evaluateAll((cells) =>
          cells.map((cell) => {
            const { cell: at, term, committed } = (cell as HTMLElement).dataset;
            return `${at?.split(':')[1]}:${term}${committed === 'true' ? '' : '?'}`;
          }),
        ),
  };
}
