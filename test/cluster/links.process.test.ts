/** Faults of single links on real servers: one direction only, and the course tests' unreliable network. */
import { expect, test } from 'vitest';
import { labForEach } from '../helpers/lab-for-each.ts';
import type { LiveLab } from '../helpers/live-lab.ts';

let live: LiveLab;

labForEach({ servers: 3, pace: 'real', seed: 11 }, (started) => {
  live = started;
});

async function leader(): Promise<string> {
  const view = await live.until('a leader', (now) => now.leader !== null);
  return view.leader?.server ?? '';
}

test('leader hears all servers and reaches none → replaced, and learns the higher term', async () => {
  const deaf = await leader();
  const term = live.view().leader?.term ?? 0;
  const others = live.servers.filter((id) => id !== deaf);
  const { fault } = await live.ask('setLinks', {
    links: others.map((to) => `${deaf}>${to}` as const),
    policy: { mode: 'cut' },
  });
  await live.until('another leader', ({ leader }) => leader !== null && leader.server !== deaf && leader.term > term);
  await live.until('the old one follows', ({ servers }) => {
    const server = servers[deaf];
    return server !== undefined && server.role !== 'leader' && server.term > term;
  });
  await live.until('the cut is shown', ({ faults }) => faults.some(({ id }) => id === fault));
  for (const to of others) {
    expect(live.view().links[`${deaf}>${to}`]?.policy).toEqual({ mode: 'cut' });
    expect(live.view().links[`${to}>${deaf}`]?.policy).toEqual({ mode: 'pass' });
  }
  expect(await live.ask('heal', { fault: fault ?? '' })).toEqual({ healed: [fault], resumed: [] });
  await leader();
  const answer = await live.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
  expect(answer.outcome).toBe('done');
});

test('unreliable network → commands done once each; lost messages are reported', async () => {
  await leader();
  await live.ask('setNetwork', { is: 'unreliable' });
  for (let at = 0; at < 20; at += 1) {
    const answer = await live.ask('submit', { command: { op: 'append', key: 'x', value: `${at},` } });
    expect([at, answer.outcome]).toEqual([at, 'done']);
  }
  expect(await live.ask('heal', {})).toMatchObject({ healed: [expect.stringMatching(/^F\d+$/)] });
  const got = await live.ask('submit', { command: { op: 'get', key: 'x' } });
  const all = Array.from({ length: 20 }, (_, at) => `${at},`).join('');
  expect(got).toMatchObject({ outcome: 'done', result: { value: all } });
  const { events } = await live.ask('events', { names: ['MessageDropped'], limit: 1000 });
  expect(events.filter((event) => event.event === 'MessageDropped' && event.reason === 'lost').length).toBeGreaterThan(
    0,
  );
  await live.until('every link passes', ({ links }) =>
    Object.values(links).every(({ policy }) => policy.mode === 'pass'),
  );
});

test('leader cut off from clients → keeps leading; pending commands succeed after heal', async () => {
  const lead = await leader();
  const { fault } = await live.ask('cutClients', { servers: [lead] });
  await live.until('the cut is shown', ({ faults }) => faults.some(({ id }) => id === fault));
  const asked = live.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
  // The client tries all servers. They name the leader, which the client cannot reach.
  await live.until('a message to the leader is lost', ({ links }) => {
    const ways = Object.values(links).filter(({ id }) => id.startsWith('C') && id.endsWith(`>${lead}`));
    return ways.some(({ policy, dropped }) => policy.mode === 'cut' && dropped > 0);
  });
  expect(live.view().leader?.server).toBe(lead);
  expect(live.view().commitIndex).toBe(0);
  await live.ask('heal', { fault });
  expect(await asked).toMatchObject({ outcome: 'done', server: lead });
});

test('three isolated servers → no new leader; two pairs healed → a majority elects one', async () => {
  await leader();
  const term = live.view().leader?.term ?? 0;
  const [a = '', b = '', c = ''] = live.servers;
  await live.ask('partition', { groups: [[a], [b], [c]] });
  await live.until('all but the old leader stood for later terms', ({ servers }) =>
    Object.values(servers).every((server) => server.role === 'leader' || server.term > term),
  );
  expect(live.view().leader?.term).toBe(term);
  await live.ask('partition', {
    groups: [
      [a, b],
      [b, c],
    ],
  });
  const view = await live.until('a leader of a later term', ({ leader }) => leader !== null && leader.term > term);
  expect(view.links[`${a}>${c}`]?.policy).toEqual({ mode: 'cut' });
  const answer = await live.ask('submit', { command: { op: 'set', key: 'y', value: '1' } });
  expect(answer.outcome).toBe('done');
});

test('link: unknown → refused with its name', async () => {
  const result = await live.lab.ask('setLinks', { links: ['S1>S9'], policy: { mode: 'cut' } });
  expect(result).toMatchObject({ ok: false, error: { code: 'unknown-link', params: { link: 'S1>S9' } } });
});
