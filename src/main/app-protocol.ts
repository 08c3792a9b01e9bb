/**
 * The address of the window's page, `app://lab/…`: a scheme of our own instead of `file://`, so that the page has an origin, a
 * policy header and no way to other files. The browser door uses the same resolver of files.
 */
import type { CustomScheme } from 'electron';
import { answerStatic, type StaticFiles, securityHeaders } from '../web-host/static-files.ts';

/** The window's one page. */
export const PAGE_URL = 'app://lab/';

/** Must be registered before the app is ready. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/**
 * True for an address of our own page. Node knows no origin for a scheme of ours (`new URL(url).origin` is `'null'`
 * for all of them), so scheme and host are compared, each exactly.
 */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'app:' && url.host === 'lab' && url.username === '' && url.password === '';
}

/** Answers one request of the page; refuses every request but a GET of our own host. */
export async function answerAppRequest(
  request: Pick<Request, 'method' | 'url'>,
  rendererFolder: string,
): Promise<Response> {
  const files: StaticFiles = { folder: rendererFolder, connect: [] };
  if (request.method !== 'GET' || !isOwnPage(request.url)) return refusal(403);
  const answer = await answerStatic(files, new URL(request.url).pathname);
  if (!answer.ok) return refusal(answer.status);
  return new Response(new Uint8Array(answer.body), { status: answer.status, headers: answer.headers });
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: securityHeaders(null) });
}
