/** Opens the window's log and connects its sources: the console, and processes of Electron that end. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { type ConsoleParts, keepConsole, type Log, openLog } from './log-file.ts';

/**
 * Opens the log. Crash notes are written to the same folder.
 *
 * @param target  the console whose later warnings and errors are logged; null logs none
 */
export function startLog(app: Pick<App, 'on' | 'getPath' | 'setAppLogsPath'>, target: ConsoleParts | null): Log {
  const folder = join(app.getPath('userData'), 'logs');
  // Electron's own path function throws when it cannot create the folder, but a missing log must not end the start.
  app.setAppLogsPath(folder);
  const log = openLog({ folder, home: homedir(), now: () => new Date() });
  if (target !== null) keepConsole(target, log);
  app.on('child-process-gone', (_event, { type, name, serviceName, reason, exitCode }) => {
    log.write('warn', `${name ?? serviceName ?? type} (${type}) is gone: ${reason}, exit code ${exitCode}.`);
  });
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => {
    const level = reason === 'clean-exit' ? 'info' : 'error';
    log.write(level, `The page's process is gone: ${reason}, exit code ${exitCode}.`);
  });
  return log;
}
