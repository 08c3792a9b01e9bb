/**
 * Serves the window's page at `app://lab/…`. With this scheme instead of `file://`, the page has an origin and a policy header, and
 * cannot read other files. The browser door uses the same resolver of files.
 */
import type { CustomScheme } from 'electron';
import { answerStatic, type StaticFiles, securityHeaders } from '../web-host/static-files.ts';

/** The window's one page. */
export const PAGE_URL = 'app://lab/';

/** The scheme and its privileges. It must be registered before the app is ready. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/**
 * True for an address of our own page. Scheme and host are compared, since `new URL(url).origin` is `'null'` for every custom
 * scheme.
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
