/**
 * The door of the window: all requests go through the functions of the preload script. Requests and answers are those of the
 * browser. Two differ: an export is saved by a dialog of the system, and a recording is opened by its path, not its bytes.
 */
import type { LabDoor } from '../../core/lab-api/index.ts';
import type { WindowBridge } from '../../core/lab-api/window-channels.ts';

declare global {
  interface Window {
    readonly raftLab?: WindowBridge;
  }
}

/** Wraps the bridge as a door. A window and its lab share one life, so the connection is always open. */
export function createWindowDoor(bridge: WindowBridge): LabDoor {
  return {
    kind: 'window',
    ask: (name, ask) => bridge.ask(name, ask),
    listen(onPush, onConnection) {
      const stop = bridge.listen(onPush);
      onConnection('open');
      return stop;
    },
    openRecording: (file, endLive) => bridge.openRecording(file, endLive),
    openNamed: (endLive) => bridge.openNamed(endLive),
    exportRun: () => bridge.exportRun(),
    showExported: () => bridge.showExported(),
  };
}
