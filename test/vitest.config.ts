/** Three kinds of tests: unit (parallel, no processes), process (real servers, one file at a time), e2e (a real Chromium, one at a time). */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
// A stray `import 'electron'` would start a download; this makes it a clear failure instead.
const env = { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' };

export default defineConfig({
  root,
  test: {
    env,
    // `npm run coverage`: the branches of the core that its own tests never take.
    coverage: { provider: 'v8', include: ['src/core/raft/**/*.ts'], reporter: ['text'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.process.test.ts', 'test/e2e/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: ['test/**/*.process.test.ts'],
          exclude: ['test/e2e/**'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 120_000 },
      },
      // Not tests: `npm run screens` takes the pictures of docs/screens.
      { extends: true, test: { name: 'screens', include: ['test/e2e/*.shots.ts'], hookTimeout: 120_000 } },
    ],
  },
});
