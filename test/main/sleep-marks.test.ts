/** The system's messages about sleep reach the lab, which marks them in the recording. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron } from '../helpers/electron.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

test('sleep: suspend and resume → both reported to the lab', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'raft-lab-sleep-'));
  const electron = createElectron({ logs: folder });
  const lab = createFakeLab();
  const around = { folder, env: { RAFT_LAB_DATA_DIR: folder }, home: () => folder, platform: 'linux' } as const;
  await runApp(electron.parts, {
    ...around,
    createLab: () => lab,
    process: { on: () => undefined, off: () => undefined },
  });
  electron.powerMonitor.emit('suspend');
  electron.powerMonitor.emit('resume');
  expect(lab.calls).toEqual(['suspended', 'resumed']);
  rmSync(folder, { recursive: true, force: true });
});
