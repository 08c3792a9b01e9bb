/** The server program as one bundled file, as the product ships it, built into a folder of the test. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @returns the path of the program, to be run by Node */
export async function buildPeer(folder: string): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'src/peer/index.ts'),
      outDir: folder,
      target: 'node20.19',
      minify: false,
      rolldownOptions: {
        external: ['bufferutil', 'utf-8-validate'],
        output: { entryFileNames: 'peer.mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  return join(folder, 'peer.mjs');
}
