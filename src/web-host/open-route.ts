/**
 * `POST /open?name=…`: opens an exported recording from the page. Its bytes go to a file of the lab, never to memory. The answer
 * is the new LabMode, or `{ error }` with 409 when nothing changed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { LIMITS } from '../core/lab-api/index.ts';
import { type Lab, LabProblem, MAX_OPENED_BYTES } from '../lab/index.ts';
import { securityHeaders } from './static-files.ts';

/** Longest pause of an upload, in milliseconds; then the connection is closed. */
const SILENT_MS = 30_000;
const MIB = 1024 ** 2;

/** @param name  name of the file, as the page sent it; it is only shown */
export async function answerOpen(
  lab: Pick<Lab, 'openBytes'>,
  { name, endLive }: { readonly name: string; readonly endLive: boolean },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.setTimeout(SILENT_MS, () => request.destroy());
  // A page that closes during its upload must not end this program.
  request.on('error', () => undefined);
  const file = basename(name.replaceAll('\\', '/')).slice(0, LIMITS.fileNameLength) || 'run.jsonl';
  const isTooLarge = Number(request.headers['content-length'] ?? 0) > MAX_OPENED_BYTES;
  const result = isTooLarge
    ? { ok: false as const, error: new LabProblem('recording-too-large', { file, most: MAX_OPENED_BYTES / MIB }).error }
    : await lab.openBytes({ name: file, bytes: request }, endLive);
  // The rest of the upload is discarded, because a browser reads no answer before it has sent everything.
  request.resume();
  response.writeHead(result.ok ? 200 : 409, {
    ...securityHeaders(null),
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(result.ok ? result.value : { error: result.error }));
}
