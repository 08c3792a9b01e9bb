#!/usr/bin/env node
/**
 * `npm run preview`: the dashboard's states in a browser, rebuilt as files are saved. The pages are those of
 * test/renderer/preview, over a cluster in one thread: no server is started and nothing is recorded.
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
