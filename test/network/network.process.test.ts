/**
 * The real network process between servers and clients that the test plays: the frames it forwards, and the events it
 * reports.
 */
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  EXIT,
  encodeClientReply,
  encodeClientRequest,
  helloHeaders,
  isProblem,
  readHeader,
} from '../../src/core/wire/index.ts';
import { type Bundle, bundlePrograms } from '../helpers/bundle.ts';
import { fates, heartbeat, type Network, nowUs, runId, secret, startNetwork } from './harness.ts';

let program: Bundle;
let network: Network;

beforeAll(async () => {
  program = await bundlePrograms({ network: 'src/network/index.ts' });
});
afterAll(() => program.remove());
afterEach(() => network.close());

const cut = { mode: 'cut' } as const;
const pass = { mode: 'pass' } as const;

function setPolicy(from: string, to: string, policy: typeof cut | typeof pass): Promise<string> {
  return network.request({ type: 'policies', links: [{ from, to, policy }] });
}

/** Sends `count` heartbeats from S1 to S2 and returns their texts. */
function sendMany(link: WebSocket, count: number): string[] {
  return Array.from({ length: count }, () => {
    const { text } = heartbeat('S1', 'S2');
    link.send(text);
    return text;
  });
}

function idOf(frame: string): string {
  const read = readHeader(frame);
  if (isProblem(read)) throw new Error(read.problem);
  return read.header.id;
}

describe('pass', () => {
  test('network: frames → arrive unchanged and in order, each reported as sent and delivered', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    const texts = sendMany(link, 2000);
    await network.until('2000 frames', () => receiver.frames.length === 2000);
    expect(receiver.frames).toEqual(texts);
    await network.until('4000 events', () => network.events.length === 4000);
    expect(Object.values(fates(network.events)).every((fate) => fate.join() === 'sent,delivered')).toBe(true);
    expect(network.events.map((event) => event.nseq)).toEqual(Array.from({ length: 4000 }, (_, at) => at + 1));
  });

  test('network: stopped for 500 ms → a late tick is reported, also after a change of pace', async () => {
    network = await startNetwork(program.file('network'), { tickMs: 60_000, electionTicks: 2 });
    await network.request({ type: 'pace', hopDelayMs: 0, tickMs: 50 });
    network.child.kill('SIGSTOP');
    await wait(500);
    network.child.kill('SIGCONT');
    const isLate = (event: (typeof network.events)[number]): boolean =>
      event.event === 'TicksLate' && event.lateMs >= 400 && event.missed >= 8;
    await network.until('a late tick', () => network.events.some(isLate));
  });

  test('hop delay: set → messages take at least as long; changed → applies at once, in order', async () => {
    network = await startNetwork(program.file('network'), { hopDelayMs: 150 });
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    const first = heartbeat('S1', 'S2');
    link.send(first.text);
    await network.until('the first to be sent', () => network.events.length === 1);
    await network.request({ type: 'pace', hopDelayMs: 0, tickMs: 60_000 });
    const second = heartbeat('S1', 'S2');
    link.send(second.text);
    await network.until('both', () => receiver.frames.length === 2 && network.events.length === 4);
    expect(receiver.frames).toEqual([first.text, second.text]);
    const { sentUs } = (readHeader(first.text) as { header: { sentUs: number } }).header;
    const [sent] = network.events;
    expect(sent).toMatchObject({ event: 'MessageSent', timeUs: sentUs, link: 'S1>S2', rpc: 'AppendEntries', term: 3 });
    const delivered = network.events.filter((event) => event.event === 'MessageDelivered');
    expect(delivered[0]?.timeUs).toBeGreaterThanOrEqual(sentUs + 150_000);
  });

  test('network: frame of another link → dropped and reported; the next one passes', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    link.send('no frame at all');
    link.send(heartbeat('S3', 'S2').text);
    link.send(Buffer.from(heartbeat('S1', 'S2').text), { binary: true });
    const good = heartbeat('S1', 'S2');
    link.send(good.text);
    await network.until('all reported', () => network.events.length === 5);
    // The report and the frame take different connections, so either may come first.
    await network.until('the frame', () => receiver.frames.length > 0);
    expect(receiver.frames).toEqual([good.text]);
    expect(fates(network.events)).toEqual({
      '': ['malformed', 'malformed', 'malformed'],
      [good.id]: ['sent', 'delivered'],
    });
  });
});

describe('cut', () => {
  test('cut link: one direction cut → its messages dropped, nothing closed; healed → messages pass', async () => {
    network = await startNetwork(program.file('network'), { hopDelayMs: 60_000 });
    const [first, second] = [await network.startServer('S1'), await network.startServer('S2')];
    const forward = await network.dial('S1', 'S2');
    const backward = await network.dial('S2', 'S1');
    const queued = heartbeat('S1', 'S2');
    forward.send(queued.text);
    await network.until('the queued one', () => network.events.length === 1);
    await network.request({ type: 'pace', hopDelayMs: 0, tickMs: 60_000 });
    expect(await setPolicy('S1', 'S2', cut)).toBe('ok');

    const during = heartbeat('S1', 'S2');
    const other = heartbeat('S2', 'S1');
    forward.send(during.text);
    backward.send(other.text);
    await network.until('the other direction', () => first.frames.length === 1);
    await network.until('the cut ones', () => fates(network.events)[during.id]?.includes('cut'));

    expect(await setPolicy('S1', 'S2', pass)).toBe('ok');
    const after = heartbeat('S1', 'S2');
    forward.send(after.text);
    await network.until('the healed one', () => fates(network.events)[after.id]?.length === 2);
    expect(second.frames).toEqual([after.text]);
    expect(fates(network.events)).toEqual({
      [queued.id]: ['sent', 'cut'],
      [during.id]: ['sent', 'cut'],
      [other.id]: ['sent', 'delivered'],
      [after.id]: ['sent', 'delivered'],
    });
    expect([second.closed, second.open.size, forward.readyState]).toEqual([[], 1, WebSocket.OPEN]);
    const changes = network.events.filter((event) => event.event === 'LinkPolicyChanged');
    expect(changes).toMatchObject([
      { link: 'S1>S2', policy: cut },
      { link: 'S1>S2', policy: pass },
    ]);
  });

  test('cut link: sender dies → its close reaches the receiver only after heal', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    await network.until('the connection', () => receiver.open.size === 1);
    await setPolicy('S1', 'S2', cut);
    link.terminate();
    // S3's connection came to the network later and has passed it, so S1's close is held and not just late.
    const next = await network.dial('S3', 'S2');
    const probe = heartbeat('S3', 'S2');
    next.send(probe.text);
    await network.until('the probe', () => receiver.frames.length === 1);
    expect(receiver.closed).toEqual([]);
    await setPolicy('S1', 'S2', pass);
    await network.until('the close', () => receiver.closed.length === 1);
    expect(receiver.closed).toEqual(['S1.1']);
  });

  test('cut link: new connection → reaches its receiver on heal, without a message', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    await setPolicy('S1', 'S2', cut);
    await network.dial('S1', 'S2');
    await network.dial('S3', 'S2');
    await network.until('the other connection', () => receiver.open.size > 0);
    expect([...receiver.open.keys()]).toEqual(['S3.1']);
    await setPolicy('S1', 'S2', pass);
    await network.until('the connection', () => receiver.open.has('S1.1'));
  });

  test('link policy: one link is impossible → the request changes no link', async () => {
    network = await startNetwork(program.file('network'));
    const links = [
      { from: 'S1', to: 'S2', policy: cut },
      { from: 'S1', to: 'S9', policy: cut },
    ];
    expect(await network.request({ type: 'policies', links })).toBe('unknown-link');
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    const [text] = sendMany(link, 1);
    await network.until('the frame', () => receiver.frames.length === 1);
    expect(receiver.frames).toEqual([text]);
  });
});

describe('reset', () => {
  test('link reset: one direction → both ends close, its queue is dropped, the sender can redial', async () => {
    network = await startNetwork(program.file('network'), { hopDelayMs: 60_000 });
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    const closed = once(link, 'close');
    const [waiting] = sendMany(link, 1).map(idOf);
    await network.until('it waits', () => network.events.length === 1 && receiver.open.size === 1);
    expect(await network.request({ type: 'reset', links: [{ from: 'S1', to: 'S2' }] })).toBe('ok');
    await closed;
    await network.until('the receiver notices', () => receiver.closed.length === 1);
    await network.until('it is told', () => network.events.some(({ event }) => event === 'LinkReset'));
    expect(fates(network.events)).toEqual({ [waiting ?? '']: ['sent', 'reset'] });
    expect(network.events.find(({ event }) => event === 'LinkReset')).toMatchObject({ link: 'S1>S2', connections: 1 });
    await network.request({ type: 'pace', hopDelayMs: 0, tickMs: 60_000 });
    const again = await network.dial('S1', 'S2');
    const [text] = sendMany(again, 1);
    await network.until('a message on the new connection', () => receiver.frames.includes(text ?? ''));
  });

  test('link reset: behind a cut → closes nothing; impossible link → refused', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    await network.until('the connection', () => receiver.open.size === 1);
    await setPolicy('S1', 'S2', cut);
    expect(await network.request({ type: 'reset', links: [{ from: 'S1', to: 'S2' }] })).toBe('ok');
    expect(await network.request({ type: 'reset', links: [{ from: 'S1', to: 'S9' }] })).toBe('unknown-link');
    await network.until('it is told', () => network.events.some(({ event }) => event === 'LinkReset'));
    expect(network.events.at(-1)).toMatchObject({ event: 'LinkReset', connections: 0 });
    expect([link.readyState, receiver.closed.length]).toEqual([WebSocket.OPEN, 0]);
  });
});

describe('receiver gone', () => {
  test('network: receiver restarts on a new port → lost messages reported, sender stays connected', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    const [before] = sendMany(link, 1);
    await network.until('the first', () => receiver.frames.length === 1);
    receiver.die();
    await network.request({ type: 'route', server: 'S2', life: 1, port: null });
    const lost = heartbeat('S1', 'S2');
    link.send(lost.text);
    await network.until('its loss', () => fates(network.events)[lost.id]?.includes('receiver-gone'));

    const restarted = await network.startServer('S2');
    expect(restarted.port).not.toBe(receiver.port);
    const after = sendMany(link, 3);
    await network.until('three more', () => restarted.frames.length === 3);
    expect([receiver.frames, restarted.frames]).toEqual([[before], after]);
    expect(link.readyState).toBe(WebSocket.OPEN);
  });

  test('network: receiver dies unannounced → its messages are dropped and reported', async () => {
    network = await startNetwork(program.file('network'));
    const receiver = await network.startServer('S2');
    const link = await network.dial('S1', 'S2');
    await network.until('the connection', () => receiver.open.size === 1);
    receiver.die();
    await network.until('the death', () => {
      const { id, text } = heartbeat('S1', 'S2');
      if (Object.values(fates(network.events)).some((fate) => fate.includes('receiver-gone'))) return id;
      link.send(text);
      return undefined;
    });
  });
});

describe('clients', () => {
  const stamp = { id: 'C1.1.1', life: 1, from: 'C1', to: 'S2' };

  test('network: client’s replies cut → only they are dropped; healed → they pass', async () => {
    network = await startNetwork(program.file('network'));
    const server = await network.startServer('S2');
    const client = await network.dial('C1', 'S2');
    const replies: string[] = [];
    client.on('message', (data) => replies.push(data.toString()));
    const request = encodeClientRequest({ type: 'open-session' }, { ...stamp, sentUs: nowUs() });
    client.send(request);
    await network.until('the request', () => server.frames.length === 1);
    expect(server.frames).toEqual([request]);

    const { header } = readHeader(request) as Exclude<ReturnType<typeof readHeader>, { problem: string }>;
    const reply = (id: string): string =>
      encodeClientReply(
        { ok: true, index: 4, term: 2, result: { session: 4 } },
        { id, life: 1, sentUs: nowUs(), term: 2, request: header },
      );
    await setPolicy('S2', 'C1', cut);
    server.open.get('C1.1')?.send(reply('S2.1.1'));
    await network.until('the cut reply', () => fates(network.events)['S2.1.1']?.includes('cut'));
    await setPolicy('S2', 'C1', pass);
    server.open.get('C1.1')?.send(reply('S2.1.2'));
    await network.until('the second reply', () => fates(network.events)['S2.1.2']?.includes('delivered'));
    await network.until('the reply', () => replies.length > 0);
    expect(replies).toEqual([expect.stringContaining('"id":"S2.1.2"')]);
  });

  test('network: client’s server dies → connection closes; behind a cut → it closes on heal', async () => {
    network = await startNetwork(program.file('network'));
    const server = await network.startServer('S2');
    const [near, far] = [await network.dial('C1', 'S2'), await network.dial('C2', 'S2')];
    await network.until('both', () => server.open.size === 2);
    await setPolicy('S2', 'C2', cut);
    server.die();
    await network.until('the near close', () => near.readyState === WebSocket.CLOSED);
    expect(far.readyState).toBe(WebSocket.OPEN);
    await setPolicy('S2', 'C2', pass);
    await network.until('the far close', () => far.readyState === WebSocket.CLOSED);
  });

  test('network: client dials a server that is not running → closed', async () => {
    network = await startNetwork(program.file('network'));
    const client = await network.dial('C1', 'S3');
    await network.until('the close', () => client.readyState === WebSocket.CLOSED);
  });
});

describe('port', () => {
  const good = helloHeaders({ runId, secret, from: 'S1', to: 'S2', life: 1 });
  /** Sends the upgrade as raw bytes, because HTTP libraries add their own Host header. */
  const dialStatus = async (headers: Record<string, string>, path = '/links'): Promise<number> => {
    const socket = connect(network.port, '127.0.0.1');
    const all = {
      host: `127.0.0.1:${network.port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    socket.destroy();
    return Number(String(answer).split(' ')[1]);
  };

  test('network’s port: wrong hello → refused with the status of its mistake', async () => {
    network = await startNetwork(program.file('network'));
    const { authorization: _token, ...noToken } = good;
    expect(await dialStatus(good)).toBe(101);
    expect(await dialStatus({ ...good, origin: network.url.replace('ws', 'http') })).toBe(403);
    expect(await dialStatus({ ...good, origin: 'null' })).toBe(403);
    expect(await dialStatus({ ...good, host: `evil.example:${network.port}` })).toBe(421);
    expect(await dialStatus({ ...good, host: `:${network.port}` })).toBe(421);
    expect(await dialStatus({ ...good, host: '' })).toBe(421);
    expect(await dialStatus(noToken)).toBe(401);
    expect(await dialStatus({ ...good, authorization: 'Bearer wrong-secret-0123456' })).toBe(401);
    expect(await dialStatus({ ...good, 'x-raft-lab-version': '2' })).toBe(426);
    expect(await dialStatus({ ...good, 'x-raft-lab-run': 'other-run' })).toBe(409);
    expect(await dialStatus({ ...good, 'x-raft-lab-to': 'S9' })).toBe(400);
    expect(await dialStatus({ ...good, 'x-raft-lab-from': 'C1' })).toBe(400);
    expect(await dialStatus(good, '/clients')).toBe(400);
    expect(await dialStatus(good, '/control')).toBe(404);
  });

  test('network’s port: plain request, as a page could send it → 426', async () => {
    network = await startNetwork(program.file('network'));
    const request = get({ host: '127.0.0.1', port: network.port, path: '/links' });
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(426);
    response.resume();
  });
});

describe('end of the process', () => {
  test('network: its stdin ends → exits with 0', async () => {
    network = await startNetwork(program.file('network'));
    network.child.stdin?.end();
    expect(await network.exited()).toBe(0);
  });

  test('network: its control channel closes → exits with 0', async () => {
    network = await startNetwork(program.file('network'));
    network.control.terminate();
    expect(await network.exited()).toBe(0);
  });

  test('network: SIGTERM → the last events reach the lab before the exit', async () => {
    network = await startNetwork(program.file('network'), { hopDelayMs: 60_000 });
    const link = await network.dial('S1', 'S2');
    sendMany(link, 5);
    await network.until('the five', () => network.events.length === 5);
    // The SIGTERM follows within the few milliseconds in which events are gathered.
    const answered = setPolicy('S1', 'S2', cut);
    await answered;
    network.child.kill('SIGTERM');
    expect(await network.exited()).toBe(0);
    await network.until('the cut ones', () => network.events.length === 11);
  });

  test('network: second SIGTERM while the lab reads nothing → ends at once with its own exit code', async () => {
    network = await startNetwork(program.file('network'));
    network.control.pause();
    // Signals of the first half second count as one request; the orderly end waits until the lab reads.
    const again = setInterval(() => network.child.kill('SIGTERM'), 100);
    try {
      expect(await network.exited()).toBe(EXIT.interrupted);
    } finally {
      clearInterval(again);
    }
  });

  test.each(['SIGINT', 'SIGHUP'] as const)('network: %s from the terminal → left to the lab', async (signal) => {
    network = await startNetwork(program.file('network'));
    network.child.kill(signal);
    expect(await setPolicy('S1', 'S2', cut)).toBe('ok');
    network.child.kill('SIGTERM');
    expect(await network.exited()).toBe(EXIT.ok);
  });

  test.each([
    ['an uncaught exception', 'throw new Error("a bug")'],
    ['an unhandled rejection', 'void Promise.reject(new Error("a bug"))'],
  ])('network: %s → ends with its own exit code and a sentence', async (_what, code) => {
    const bug = `data:text/javascript,process.once("SIGUSR2", () => { ${code} })`;
    network = await startNetwork(program.file('network'), {}, ['--import', bug]);
    network.child.kill('SIGUSR2');
    expect(await network.exited()).toBe(EXIT.crashed);
    expect(network.stderr().at(-1)).toBe('the network process crashed: a bug');
  });

  test('network: invalid spec → a sentence and its own exit code, not a crash', async () => {
    network = await startNetwork(program.file('network'), { hopDelayMs: -1 });
    expect(await network.exited()).toBe(EXIT.badSpec);
    expect(network.stderr().at(-1)).toMatch(/^RAFT_LAB_NETWORK: /);
  });

  test('network: started in place of a dead process → listens on the same port', async () => {
    network = await startNetwork(program.file('network'));
    const { port } = network;
    await network.close();
    network = await startNetwork(program.file('network'), { port, life: 2 });
    expect(network.port).toBe(port);
    await setPolicy('S1', 'S2', cut);
    await network.until('an event', () => network.events.length === 1);
    expect(network.events[0]).toMatchObject({ life: 2, nseq: 1 });
  });
});
