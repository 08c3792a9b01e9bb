/** The application menu in tests: items are found by their ids and clicked as a person does. */
import { expect } from 'vitest';
import type { WindowDriver } from './driver.ts';

/** Clicks a menu item, which must be enabled. */
export async function clickMenu(driver: WindowDriver, id: string): Promise<void> {
  const wasEnabled = await driver.main(({ Menu }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (item?.enabled) item.click();
    return item?.enabled;
  }, id);
  expect(wasEnabled, `menu item ${id}`).toBe(true);
}

/** Label of an item. */
export function menuLabel(driver: WindowDriver, id: string): Promise<string | undefined> {
  return driver.main(({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.label, id);
}

/** Whether an item exists and is enabled. */
export function isMenuEnabled(driver: WindowDriver, id: string): Promise<boolean> {
  return driver.main(({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.enabled === true, id);
}

/** Ids of all items, in the order of the menus. */
export function menuIds(driver: WindowDriver): Promise<readonly string[]> {
  return driver.main(({ Menu }) => {
    const idsOf = (menu: Electron.Menu | null): string[] =>
      (menu?.items ?? []).flatMap((item) => [item.id, ...idsOf(item.submenu ?? null)]);
    return idsOf(Menu.getApplicationMenu()).filter((id) => typeof id === 'string');
  }, null);
}
