/** Opens the window's log and connects its sources: the console, and processes of Electron that end. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { type ConsoleParts, keepConsole, type Log, openLog } from './log-file.ts';

/**
 * Crash notes go to the same folder.
 *
 * @param target  the console whose warnings and errors are kept from now on; null keeps none
 */
export function startLog(app: Pick<App, 'on' | 'getPath' | 'setAppLogsPath'>, target: ConsoleParts | null): Log {
  const folder = join(app.getPath('userData'), 'logs');
  // Electron's own path function throws when the folder cannot be made, and a log is no reason to end the start.
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
