/** Reports the system's announcements of sleep to the lab, so that the recording marks them. */
import type { PowerMonitor } from 'electron';
import type { Lab } from '../lab/index.ts';

/** Begins to report. Call this after the app is ready. */
export function watchSleep(powerMonitor: Pick<PowerMonitor, 'on'>, lab: Pick<Lab, 'notePower'>): void {
  powerMonitor.on('suspend', () => lab.notePower('suspended'));
  powerMonitor.on('resume', () => lab.notePower('resumed'));
}
