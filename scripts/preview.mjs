#!/usr/bin/env node
/**
 * `npm run preview`: shows the dashboard's states in a browser and rebuilds the pages when a file is saved. The pages
 * in test/renderer/preview use a cluster in one thread, so no server is started and no run is recorded.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const server = await createServer({
  root: join(root, 'test', 'renderer', 'preview'),
  configFile: false,
  logLevel: 'warn',
  plugins: [react()],
  // The pages import the dashboard and its texts from the whole project.
  server: { host: '127.0.0.1', fs: { allow: [root] } },
});
await server.listen();
console.log(`States of the dashboard: ${server.resolvedUrls?.local[0] ?? ''}list.html (Ctrl-C ends it)`);
