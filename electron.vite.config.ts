/** Builds every program: the window's main and preload, the programs it spawns, the browser door and the page. */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** The programs that a lab spawns. Their extension makes them ES modules without a package.json, inside an archive too. */
const SPAWNED = new Set(['peer', 'network', 'reaper']);

export default defineConfig({
  main: {
    build: {
      // The default for this Electron is newer than the oldest Node the browser door runs on.
      target: 'node20.19',
      // Bundled, a server starts in half the time it takes to resolve its packages from node_modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          'web-host': resolve('src/web-host/index.ts'),
          cli: resolve('src/cli/index.ts'),
          'seed-worker': resolve('src/cli/seed-worker.ts'),
          'bench-clients': resolve('src/load/index.ts'),
          'bench-host': resolve('src/lab/bare/index.ts'),
          peer: resolve('src/peer/index.ts'),
          network: resolve('src/network/index.ts'),
          reaper: resolve('src/cluster/reaper.ts'),
        },
        external: ['electron', /^electron\/.+/, 'bufferutil', 'utf-8-validate'],
        output: { entryFileNames: ({ name }) => `${name}.${SPAWNED.has(name) ? 'mjs' : 'js'}` },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        // A sandboxed preload must be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    plugins: [react()],
    build: { minify: true, rolldownOptions: { input: resolve('src/renderer/index.html') } },
  },
});
