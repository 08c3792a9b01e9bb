/**
 * A headless Chromium that the stand-in uses as the window's page. It speaks the DevTools protocol over a pipe (file
 * descriptors 3 and 4), so it opens no port, and it ends with the process at the other end, even after SIGKILL.
 */
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';

/** Replaces the flags of @sparticuz/chromium, which turn off the web's security that the tests check. */
const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  // Chromium as root refuses to start with its sandbox. Only the real Electron can prove the sandbox.
  ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--mute-audio'],
  ...['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--font-render-hinting=none', '--disable-extensions', '--disable-breakpad'],
  // Keep the page of an invisible window from being slowed down.
  ...['--disable-renderer-backgrounding', '--disable-background-timer-throttling'],
];

/** A connection to the browser or to one of its targets. It sends commands and emits events. */
export class Session extends EventEmitter {
  #transport;
  #id;

  constructor(transport, id) {
    super();
    this.#transport = transport;
    this.#id = id;
  }

  /** @returns {Promise<any>} the answer; rejects with the browser's message */
  send(method, params = {}) {
    return this.#transport.send(method, params, this.#id);
  }
}

/**
 * @param {{ program: string, folder: string, args?: readonly string[] }} how  `folder`: for the profile, removed by the caller
 * @returns {{ browser: Session, attach: (targetId: string) => Promise<Session>, close: () => Promise<void> }}
 */
export function openChromium({ program, folder, args = [] }) {
  const child = spawn(program, [...FLAGS, `--user-data-dir=${folder}`, ...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder, HOME: folder },
  });
  const gone = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  const transport = createTransport(child.stdio[3], child.stdio[4], gone);
  const browser = transport.session(undefined);
  return {
    browser,
    async attach(targetId) {
      const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
      return transport.session(sessionId);
    },
    async close() {
      browser.send('Browser.close').catch(() => undefined);
      const limit = setTimeout(() => child.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(limit);
    },
  };
}

/** Sends and receives messages: JSON texts, each ended by a zero byte. */
function createTransport(out, back, gone) {
  const waiting = new Map();
  const sessions = new Map();
  let next = 1;
  let half = [];
  const heard = (text) => {
    const { id, method, params, error, result, sessionId } = JSON.parse(text);
    if (id === undefined) return sessions.get(sessionId)?.emit(method, params);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(`${asked.method}: ${error.message}`));
    else asked?.resolve(result);
  };
  back.on('data', (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      heard(Buffer.concat([...half, chunk.subarray(from, end)]).toString('utf8'));
      half = [];
      from = end + 1;
    }
    if (from < chunk.length) half.push(chunk.subarray(from));
  });
  // Writes fail after the browser has ended; the code below rejects the pending requests.
  out.on('error', () => undefined);
  back.on('error', () => undefined);
  let isGone = false;
  gone.then(() => {
    isGone = true;
    for (const { reject, method } of waiting.values()) reject(new Error(`${method}: the browser is gone`));
    waiting.clear();
  });
  return {
    session(id) {
      const session = new Session(this, id);
      sessions.set(id, session);
      return session;
    },
    send(method, params, sessionId) {
      if (isGone) return Promise.reject(new Error(`${method}: the browser is gone`));
      const id = next++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, method });
        out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      });
    },
  };
}
