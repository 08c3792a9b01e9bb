/** `POST /export` and `POST /export?format=csv`: stream the open run as a download of any size. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { LabResult } from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import { EXPORT_FORMATS, EXPORTS, formatNamed, type Lab } from '../lab/index.ts';
import { securityHeaders } from './static-files.ts';

/** Streams the run in a format. When the lab refuses, answers `{ error }` with 400 (wrong request) or 409 (state of the lab). */
export async function answerExport(
  lab: Pick<Lab, 'exportRun'>,
  response: ServerResponse,
  asked: string | null,
): Promise<void> {
  const format = asked === null ? EXPORT_FORMATS[0] : formatNamed(asked);
  const headers = { ...securityHeaders(null), 'Cache-Control': 'no-store' };
  const result = format === null ? refusal(asked) : await lab.exportRun(format);
  if (!result.ok) {
    response.writeHead(result.error.code === 'bad-request' ? 400 : 409, {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
    });
    response.end(JSON.stringify({ error: result.error }));
    return;
  }
  response.writeHead(200, {
    ...headers,
    'Content-Type': `${EXPORTS[format ?? EXPORT_FORMATS[0]].mime}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${safeFileName(result.value.fileName)}"`,
  });
  try {
    await pipeline(result.value.stream, response);
  } catch (problem) {
    // The headers have been sent, so only a broken connection can show the browser that the file is not whole.
    response.destroy();
    if ((problem as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      console.error(`Raft Lab could not finish the export: ${String(problem)}`);
    }
  }
}

/** A name that is safe in the header and on every disk: at most 120 letters, digits, `.`, `_` and `-`. */
export function safeFileName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return plain.slice(-120) || 'run.jsonl';
}

function refusal(format: string | null): LabResult<never> {
  return { ok: false, error: labError('bad-request', { detail: `there is no format ${format}` }) };
}
