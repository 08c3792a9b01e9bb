/** The client against scripted servers: the requests it sends, and the outcomes it reports. */
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_WAITING_COMMANDS } from '../../src/client/index.ts';
import { type Asked, done, type FakeCluster, no, result, sessionOpened, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.close());

const set = { op: 'set', key: 'x', value: '5' } as const;

/** Returns server, session and sequence number of every request. */
function numbers(): string[] {
  return cluster.asked.map(({ server, body }) =>
    body.type === 'command' ? `${server} ${body.session}/${body.sequence}` : `${server} open`,
  );
}

/** Opens session 3 on each request for one, and passes commands to `script`. */
function withSession(script: (asked: Asked) => ReturnType<Parameters<typeof startFakeCluster>[0]>) {
  return (asked: Asked) => (asked.body.type === 'open-session' ? sessionOpened(3) : script(asked));
}

test('client: first command → opens a session, is done, and every step is an event', async () => {
  cluster = await startFakeCluster(withSession(({ nth }) => done(nth + 3)));
  const first = await cluster.client.submit(set);
  const second = await cluster.client.submit(set);
  expect([first, second]).toEqual([
    { outcome: 'done', index: 5, term: 2, server: 'S1', result, latencyMs: expect.any(Number) },
    { outcome: 'done', index: 6, term: 2, server: 'S1', result, latencyMs: expect.any(Number) },
  ]);
  expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S1 3/2']);
  expect(cluster.story()).toEqual([
    'session 3',
    'invoked C1.1.op1 3/1',
    'sent S1 #1',
    'done C1.1.op1 at 5 by S1',
    'invoked C1.1.op2 3/2',
    'sent S1 #1',
    'done C1.1.op2 at 6 by S1',
  ]);
  expect(cluster.events.map(({ nseq, life }) => [nseq, life])).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => [n, 1]));
});

test('client: commands submitted together → sent one after the other, in order', async () => {
  cluster = await startFakeCluster(withSession(({ nth }) => done(nth)));
  const answers = await Promise.all([1, 2, 3].map(() => cluster.client.submit(set)));
  expect(answers.map((answer) => answer.outcome === 'done' && answer.index)).toEqual([2, 3, 4]);
  expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S1 3/2', 'S1 3/3']);
});

describe('finding the leader', () => {
  test('client: redirect → followed, and remembered for the next command', async () => {
    cluster = await startFakeCluster(
      withSession(({ server, nth }) => (server === 'S3' ? done(nth) : no('not-leader', 'S3'))),
    );
    await cluster.client.submit(set);
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S3 3/1', 'S3 3/2']);
    expect(cluster.story()).toContain('redirected S1 to S3');
  });

  test('client: leader named by the caller → asked before the server that answered last', async () => {
    cluster = await startFakeCluster(withSession(({ nth }) => done(nth)));
    await cluster.client.submit(set);
    await cluster.client.submit(set, () => 'S3');
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S3 3/2', 'S3 3/3']);
  });

  test('client: named leader does not answer → the other servers are asked', async () => {
    cluster = await startFakeCluster(
      withSession(({ server, nth }) => (server === 'S2' ? done(nth) : server === 'S3' ? 'silence' : no('not-leader'))),
    );
    const answer = await cluster.client.submit(set, () => 'S3');
    expect(answer).toMatchObject({ outcome: 'done', server: 'S2' });
  });

  test('client: server knows no leader → the others are asked in turn', async () => {
    cluster = await startFakeCluster(
      withSession(({ server, nth }) => (server === 'S3' ? done(nth) : no('not-leader'))),
    );
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S2 3/1', 'S3 3/1']);
  });

  test('client: two servers name each other → the third is still asked', async () => {
    cluster = await startFakeCluster(
      withSession(({ server, nth }) => (server === 'S3' ? done(nth) : no('not-leader', server === 'S1' ? 'S2' : 'S1'))),
    );
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S2 3/1', 'S3 3/1']);
  });

  test('client: leader cut off, and a follower still names it → costs one timeout', async () => {
    let isCut = false;
    cluster = await startFakeCluster(
      withSession(({ server, nth }) => {
        if (server === 'S3') return done(nth);
        if (!isCut) return done(nth);
        return server === 'S1' ? 'silence' : no('not-leader', 'S1');
      }),
      { attempt: 300, deadline: 10_000 },
    );
    await cluster.client.submit(set);
    isCut = true;
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S1 3/2', 'S2 3/2', 'S3 3/2']);
  });

  test('client: servers name each other until the deadline → unknown', async () => {
    cluster = await startFakeCluster(
      withSession(({ server }) => no('not-leader', server === 'S1' ? 'S2' : 'S1')),
      { attempt: 200, deadline: 500 },
    );
    const answer = await cluster.client.submit(set);
    const sends = cluster.story().filter((line) => line.startsWith('sent'));
    expect(answer).toEqual({ outcome: 'unknown', attempts: sends.length });
    expect(sends.length).toBeLessThan(40);
  });

  test('client: redirect to an unknown server → not dialled', async () => {
    cluster = await startFakeCluster(
      withSession(({ server, nth }) => (server === 'S2' ? done(nth) : no('not-leader', 'S9'))),
    );
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S2 3/1']);
  });
});

describe('retries', () => {
  const cases = ['silence', 'break', 'nonsense', no('unknown'), no('busy')] as const;
  test.each(cases)('client: retry after %j → same session and sequence number', async (trouble) => {
    let commands = 0;
    cluster = await startFakeCluster(
      withSession(() => {
        commands += 1;
        return commands <= 2 ? trouble : done(4);
      }),
      { attempt: 150, deadline: 10_000 },
    );
    expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'done', index: 4 });
    const asked = numbers().filter((text) => !text.endsWith('open'));
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked.map((text) => text.split(' ')[1]))).toEqual(new Set(['3/1']));
    // Each attempt is a message of its own with the same command.
    expect(new Set(cluster.asked.map(({ header }) => header.id)).size).toBe(cluster.asked.length);
  });

  test('client: late answer to an earlier attempt → becomes the outcome', async () => {
    let first: Asked | undefined;
    cluster = await startFakeCluster(
      withSession((asked) => {
        if (first === undefined) first = asked;
        else first.reply(done(9));
        return 'silence';
      }),
      { attempt: 300, deadline: 10_000 },
    );
    expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'done', index: 9, server: 'S1' });
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S2 3/1']);
  });

  test('client: late refusal of an earlier attempt → ignored', async () => {
    let first: Asked | undefined;
    cluster = await startFakeCluster(
      withSession((asked) => {
        if (first === undefined) {
          first = asked;
          return 'silence';
        }
        first.reply(no('not-leader', 'S3'));
        // The replies use two connections, so the test itself puts them in order.
        setImmediate(() => asked.reply(done(8)));
        return 'silence';
      }),
      { attempt: 300, deadline: 10_000 },
    );
    expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'done', index: 8, server: 'S2' });
    expect(cluster.story().filter((line) => line.startsWith('redirected'))).toEqual([]);
  });
});

describe('unknown outcomes', () => {
  test('client: no answer until the deadline → unknown; the next command opens a new session', async () => {
    let sessions = 0;
    cluster = await startFakeCluster(
      ({ body, nth }) => {
        if (body.type === 'command') return body.session === 10 ? 'silence' : done(nth);
        sessions += 1;
        return sessionOpened(sessions * 10);
      },
      { attempt: 100, deadline: 600 },
    );
    const first = await cluster.client.submit(set);
    const sends = cluster.story().filter((line) => line.startsWith('sent'));
    expect(first).toEqual({ outcome: 'unknown', attempts: sends.length });
    expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'done' });
    expect(numbers().at(-1)).toMatch(/ 20\/1$/);
    expect(cluster.story().filter((line) => /^(done|unknown|refused)/.test(line))).toEqual([
      'unknown C1.1.op1 timed-out',
      expect.stringContaining('done C1.1.op2'),
    ]);
  });

  test('client: settle repeats the command, late answer → done; silence → unknown', async () => {
    let sessions = 0;
    let isHealed = false;
    cluster = await startFakeCluster(
      ({ body, nth }) => {
        if (body.type === 'command') return isHealed && body.session === 10 ? done(nth) : 'silence';
        sessions += 1;
        return sessionOpened(sessions * 10);
      },
      { attempt: 60, deadline: 250 },
    );
    await cluster.client.submit(set);
    await cluster.client.submit(set);
    isHealed = true;
    await cluster.client.settle();
    const ends = () => cluster.story().filter((line) => /^(done|unknown|refused)/.test(line));
    expect(ends()).toEqual([
      'unknown C1.1.op1 timed-out',
      'unknown C1.1.op2 timed-out',
      expect.stringContaining('done C1.1.op1'),
    ]);
    expect(numbers().filter((number) => / 10\/1$/.test(number)).length).toBeGreaterThan(1);
    const asked = cluster.asked.length;
    await cluster.client.settle();
    expect(cluster.asked).toHaveLength(asked);
  });

  test('client: command submitted during settle → waits for its turn', async () => {
    let isHealed = false;
    cluster = await startFakeCluster(
      withSession(({ nth }) => (isHealed ? done(nth) : 'silence')),
      { attempt: 60, deadline: 250 },
    );
    await cluster.client.submit(set);
    isHealed = true;
    const [, answer] = await Promise.all([cluster.client.settle(), cluster.client.submit(set)]);
    expect(answer.outcome).toBe('done');
    const ends = cluster.story().filter((line) => line.startsWith('done'));
    expect(ends.map((line) => line.split(' ')[1])).toEqual(['C1.1.op1', 'C1.1.op2']);
  });

  test('client: no session until the deadline → unknown, invoked without a number', async () => {
    cluster = await startFakeCluster(() => 'silence', { attempt: 40, deadline: 150 });
    expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'unknown' });
    expect(cluster.story()).toEqual(['invoked C1.1.op1 null/null', 'unknown C1.1.op1 timed-out']);
  });

  test('client: answer after the deadline → ignored', async () => {
    const late: Asked[] = [];
    cluster = await startFakeCluster(
      withSession((asked) => {
        if (late.length >= 2) return done(7);
        late.push(asked);
        return 'silence';
      }),
      { attempt: 2000, deadline: 400 },
    );
    expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'unknown' });
    for (const asked of late) asked.reply(done(4));
    await cluster.client.submit(set);
    const ends = cluster.story().filter((line) => /^(done|unknown|refused) C1.1.op1/.test(line));
    expect(ends).toEqual(['unknown C1.1.op1 timed-out']);
  });

  test('client: closed → current command unknown, waiting ones refused', async () => {
    let asked: (() => void) | undefined;
    const commandAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    cluster = await startFakeCluster(
      withSession(() => {
        asked?.();
        return 'silence';
      }),
    );
    const answers = [cluster.client.submit(set), cluster.client.submit(set)];
    await commandAsked;
    await cluster.client.close();
    expect(await Promise.all(answers)).toEqual([
      { outcome: 'unknown', attempts: 1 },
      { outcome: 'refused', reason: 'closed' },
    ]);
    expect(await cluster.client.submit(set)).toEqual({ outcome: 'refused', reason: 'closed' });
    expect(cluster.story().at(-1)).toBe('unknown C1.1.op1 closed');
  });
});

describe('refusals', () => {
  test.each(['unknown-session', 'superseded'] as const)(
    'client: %s → reported to the caller, never retried with a new session',
    async (reason) => {
      let sessions = 0;
      cluster = await startFakeCluster(({ body, nth }) => {
        if (body.type === 'command') return body.session === 10 ? no(reason) : done(nth);
        sessions += 1;
        return sessionOpened(sessions * 10);
      });
      expect(await cluster.client.submit(set)).toEqual({ outcome: 'refused', reason });
      expect(await cluster.client.submit(set)).toMatchObject({ outcome: 'done' });
      expect(numbers()).toEqual(['S1 open', 'S1 10/1', 'S1 open', 'S1 20/1']);
      expect(cluster.story()).toContain(`refused C1.1.op1 ${reason}`);
    },
  );

  test('client: bad-request → session kept, next sequence number used', async () => {
    cluster = await startFakeCluster(withSession(({ nth }) => (nth === 2 ? no('bad-request') : done(nth))));
    expect(await cluster.client.submit(set)).toEqual({ outcome: 'refused', reason: 'bad-request' });
    await cluster.client.submit(set);
    expect(numbers()).toEqual(['S1 open', 'S1 3/1', 'S1 3/2']);
  });

  test('client: more waiting commands than the bound → refused as busy', async () => {
    cluster = await startFakeCluster(() => 'silence');
    // The first command is sent at once; the others wait.
    const answers = Array.from({ length: MAX_WAITING_COMMANDS + 2 }, () => cluster.client.submit(set));
    expect(await answers.at(-1)).toEqual({ outcome: 'refused', reason: 'busy' });
    await cluster.client.close();
    expect(
      (await Promise.all(answers)).filter((answer) => answer.outcome === 'refused' && answer.reason === 'busy'),
    ).toHaveLength(1);
  });
});
