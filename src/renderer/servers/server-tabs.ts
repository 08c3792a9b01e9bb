/**
 * The tabs of a server's panel, in their order on the screen. A tab is a component in this folder, a row here and its title
 * under `serverTab` in resources/words/server.json.
 */
import type { ComponentType } from 'react';
import type { ServerTab } from '../store/dashboard-store.ts';
import { DiskTab } from './disk-tab.tsx';
import { MemoryTab } from './memory-tab.tsx';
import { ProcessTab } from './process-tab.tsx';
import type { ServerTabProps } from './server-tab.ts';
import { StoreTab } from './store-tab.tsx';

export const SERVER_TABS: Readonly<Record<ServerTab, ComponentType<ServerTabProps>>> = {
  memory: MemoryTab,
  disk: DiskTab,
  store: StoreTab,
  process: ProcessTab,
};
