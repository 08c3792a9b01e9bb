/** The resolver of the dashboard's files for both doors: served files, and refusals of all paths outside the folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerStatic, pathInside, type StaticFiles } from '../../src/web-host/static-files.ts';

let top: string;
let files: StaticFiles;

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-static-'));
  const folder = join(top, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__"><p>__CSP_NONCE__</p>');
  writeFileSync(join(folder, 'assets', 'page-1a2b.js'), 'const placeholder = "__CSP_NONCE__";');
  writeFileSync(join(folder, 'notes.md'), 'not for the page');
  writeFileSync(join(top, 'secret.json'), '{"secret":true}');
  mkdirSync(join(top, 'renderer-other'));
  writeFileSync(join(top, 'renderer-other', 'index.html'), 'a folder whose name only begins the same');
  symlinkSync(join(top, 'secret.json'), join(folder, 'linked.json'));
  files = { folder, connect: ['ws://127.0.0.1:5000'] };
});

afterAll(() => rmSync(top, { recursive: true, force: true }));

async function statusOf(pathname: string): Promise<number> {
  return (await answerStatic(files, pathname)).status;
}

describe('served files', () => {
  test('/: requested → page with a fresh nonce, also in its policy', async () => {
    const first = await answerStatic(files, '/');
    const second = await answerStatic(files, '/index.html');
    if (!first.ok || !second.ok) throw new Error('the page was refused');
    const nonce = /content="([^"]+)"/.exec(first.body.toString())?.[1] ?? '';
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(first.body.toString()).toBe(`<meta name="csp-nonce" content="${nonce}"><p>${nonce}</p>`);
    expect(first.headers['Content-Security-Policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(second.headers['Content-Security-Policy']).not.toContain(nonce);
    expect(first.headers['Content-Length']).toBe(String(first.body.length));
  });

  test('policy: page → own scripts and named origins only', async () => {
    const page = await answerStatic(files, '/');
    if (!page.ok) throw new Error('the page was refused');
    const policy = page.headers['Content-Security-Policy']?.replace(/nonce-[^']+/, 'nonce-N');
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data: blob:; " +
        "font-src 'self'; connect-src 'self' ws://127.0.0.1:5000; worker-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    );
    expect(page.headers).toMatchObject({
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
  });

  test('asset: hash in its name → served unchanged, cached', async () => {
    const script = await answerStatic(files, '/assets/page-1a2b.js');
    if (!script.ok) throw new Error('the script was refused');
    expect(script.body.toString()).toBe('const placeholder = "__CSP_NONCE__";');
    expect(script.headers['Content-Type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['Cache-Control']).toContain('immutable');
  });
});

describe('refused paths', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['/missing.js', 404],
    ['/assets', 404],
    ['/assets/', 404],
    ['/notes.md', 404],
    ['/../secret.json', 403],
    ['/%2e%2e/secret.json', 403],
    ['/..%2fsecret.json', 403],
    ['/assets/../../secret.json', 403],
    ['/assets/%2e%2e%2f%2e%2e%2fsecret.json', 403],
    ['/../renderer-other/index.html', 403],
    ['/..%5csecret.json', 400],
    ['/..\\secret.json', 400],
    ['/index.html%00.png', 400],
    ['/%E0%A4%A', 400],
    ['/%', 400],
    ['index.html', 400],
    ['', 400],
    ['/%252e%252e/secret.json', 404],
    ['/linked.json', 403],
    ['//etc/passwd.json', 404],
    ['/.', 403],
  ];
  test.each(cases)('path %j → %i', async (pathname, status) => {
    expect(await statusOf(pathname)).toBe(status);
  });

  test('path: any spelling of the folder itself → refused', () => {
    for (const pathname of ['/assets/..', '/./', '/assets/../assets/..']) {
      expect(pathInside('/srv/page', pathname)).toEqual({ ok: false, status: 403 });
    }
  });
});
