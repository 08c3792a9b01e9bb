/**
 * Guards of the page: it may not navigate, open windows, embed other pages, use devices or download. Assume that the renderer,
 * which shows text from logs and commands, will be compromised: these guards, the sandbox and ipc.ts are the remaining defences.
 */
import type { Session, WebContents } from 'electron';
import { isOwnPage } from './app-protocol.ts';

/** The only addresses that may be opened in the person's browser, compared whole. */
export const OUTSIDE_LINKS: readonly string[] = ['https://raft.github.io/', 'https://raft.github.io/raft.pdf'];

/** Opens one of `OUTSIDE_LINKS` and nothing else. */
export function openOutside(address: string, openExternal: (address: string) => Promise<void>): void {
  if (!OUTSIDE_LINKS.includes(address)) return;
  // Deferred, because the page is suspended while the event's handler runs.
  setImmediate(() => {
    openExternal(address).catch((problem: unknown) =>
      console.error(`${address} could not be opened: ${String(problem)}`),
    );
  });
}

/** Prevents one page from navigating. Call it for every web contents that is created. */
export function guardContents(contents: WebContents, openExternal: (address: string) => Promise<void>): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url, openExternal);
    return { action: 'deny' };
  });
}

/** Denies every permission except writing text to the clipboard, which copies `kill -9 <pid>`. */
export function guardSession(session: Session): void {
  const allowed = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowed(permission));
  session.setDevicePermissionHandler(() => false);
  // The window saves through the system's dialog, in export-run.ts.
  session.on('will-download', (event) => event.preventDefault());
}
