/**
 * Serves the dashboard's files for both doors: HTTP in the browser host, `app://lab/…` in the window. It turns an untrusted path
 * into a file that is really inside the folder, with its type and the headers that confine the page. One set of traversal tests
 * covers both doors.
 */
import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';

/** The answer for a path: a body and its headers, or a refusal that reveals nothing about the disk. */
export type StaticAnswer =
  | { readonly ok: true; readonly status: 200; readonly headers: Headers; readonly body: Buffer }
  | { readonly ok: false; readonly status: 400 | 403 | 404 };

type Headers = Readonly<Record<string, string>>;

/** The built dashboard. */
export interface StaticFiles {
  /** The built page, `out/renderer`. */
  readonly folder: string;
  /** Origins the page may open connections to besides its own, such as `ws://127.0.0.1:5000`. */
  readonly connect: readonly string[];
}

/** Content types of the files that are served. A file with another ending is answered with 404. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Placeholder in `index.html` for the nonce of each answer; the page passes the nonce to the component kit. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/**
 * Answers one path of the dashboard.
 *
 * @param pathname  path of the URL, percent-encoded, beginning with `/`; `/` means `/index.html`
 * @returns the file, or 400 for a path that cannot be decoded, 403 for one that leaves the folder, 404 for a missing file
 */
export async function answerStatic(files: StaticFiles, pathname: string): Promise<StaticAnswer> {
  const inside = pathInside(files.folder, pathname);
  if (!inside.ok) return inside;
  const type = TYPES[extname(inside.path).toLowerCase()];
  if (type === undefined) return { ok: false, status: 404 };
  const read = await readInside(files.folder, inside.path);
  if (!read.ok) return read;
  const nonce = randomBytes(16).toString('base64');
  const isPage = type.startsWith('text/html');
  const body = isPage ? Buffer.from(read.body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)) : read.body;
  // Files under assets/ carry a hash of their content in their name, so they never change.
  const cache = pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
  const headers = {
    ...securityHeaders({ nonce, connect: files.connect }),
    'Content-Type': type,
    'Content-Length': String(body.length),
    'Cache-Control': cache,
  };
  return { ok: true, status: 200, headers, body };
}

interface Page {
  /** Allows the page's own style elements. */
  readonly nonce: string;
  readonly connect: readonly string[];
}

/** The headers of every answer of a door. `page` is null for a refusal, which may load nothing. */
export function securityHeaders(page: Page | null): Headers {
  return {
    'Content-Security-Policy': page === null ? "default-src 'none'; frame-ancestors 'none'" : policyOf(page),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}

function policyOf(page: Page): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${page.nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...page.connect].join(' '),
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/**
 * The path on disk that a URL path names, if it is inside `folder`; symbolic links are not resolved here. The joined path is
 * checked, not the URL, since a URL can encode the same path in many ways.
 */
export function pathInside(
  folder: string,
  pathname: string,
): { readonly ok: true; readonly path: string } | { readonly ok: false; readonly status: 400 | 403 } {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return { ok: false, status: 400 };
  }
  // A backslash separates folders on Windows only. It is refused on every system, so that all answer alike.
  if (!decoded.startsWith('/') || decoded.includes('\0') || decoded.includes('\\')) return { ok: false, status: 400 };
  const path = join(folder, decoded === '/' ? '/index.html' : decoded);
  return isInside(folder, path) ? { ok: true, path } : { ok: false, status: 403 };
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way);
}

/** Reads the file, unless a symbolic link leads out of the folder. */
async function readInside(
  folder: string,
  path: string,
): Promise<{ readonly ok: true; readonly body: Buffer } | { readonly ok: false; readonly status: 403 | 404 }> {
  try {
    const [realFolder, realFile] = await Promise.all([realpath(folder), realpath(path)]);
    if (!isInside(realFolder, realFile)) return { ok: false, status: 403 };
    return { ok: true, body: await readFile(realFile) };
  } catch {
    // The answer must not reveal whether a file is missing, unreadable or a folder.
    return { ok: false, status: 404 };
  }
}
