/** `POST /export`, `POST /export?format=csv`: the open run as a download, streamed so that its size does not matter. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { LabResult } from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import { EXPORT_FORMATS, EXPORTS, formatNamed, type Lab } from '../lab/index.ts';
import { securityHeaders } from './static-files.ts';

/** Streams the run in a format; a refusal by the lab is `{ error }` with 400 (the asker's fault) or 409 (the lab's state). */
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
    // Headers are out, so a cut connection is the only way to tell the browser that the file is not whole.
    response.destroy();
    if ((problem as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      console.error(`Raft Lab could not finish the export: ${String(problem)}`);
    }
  }
}

/** A name that is safe in the header and on every disk: letters, digits, `.`, `_`, `-`; at most 120 of them. */
export function safeFileName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return plain.slice(-120) || 'run.jsonl';
}

function refusal(format: string | null): LabResult<never> {
  return { ok: false, error: labError('bad-request', { detail: `there is no format ${format}` }) };
}
