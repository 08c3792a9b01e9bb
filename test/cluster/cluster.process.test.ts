/**
 * Five real servers through a lab, as a person uses it: election, command, kill -9, recovery from files, cut and heal.
 */
import { expect, test } from 'vitest';
import type { Command, ServerId } from '../../src/core/lab-api/index.ts';
import type { ClusterView } from '../../src/core/trace/index.ts';
import { labForEach } from '../helpers/lab-for-each.ts';
import type { LiveLab } from '../helpers/live-lab.ts';

const x5: Command = { op: 'set', key: 'x', value: '5' };
let live: LiveLab;

labForEach({ servers: 5, pace: 'real' }, (started) => {
  live = started;
});

/** Waits until a server that is not in `except` leads. @returns that server */
async function leader(except: readonly ServerId[] = []): Promise<ServerId> {
  const view = await live.until('a leader', (now) => now.leader !== null && !except.includes(now.leader.server));
  return view.leader?.server ?? '';
}

async function submitted(command: Command): Promise<number> {
  const answer = await live.ask('submit', { command });
  if (answer.outcome !== 'done') throw new Error(`${JSON.stringify(command)}: ${JSON.stringify(answer)}`);
  return answer.index;
}

/** Waits until these servers all hold and have applied the same log up to this index. */
async function equalLogs(index: number, servers: readonly ServerId[] = live.servers): Promise<ClusterView> {
  return await live.until(`equal logs up to ${index}`, (view) => {
    const all = servers.map((id) => view.servers[id]);
    const [first] = all;
    return all.every((one) => one !== undefined && one.lastApplied >= index && one.chain === first?.chain);
  });
}

test('cluster: set x 5 → a leader is elected, and every store and every disk has the value', async () => {
  await leader();
  const index = await submitted(x5);
  await equalLogs(index);
  const stores = await live.ask('stores', { limit: 10 });
  for (const id of live.servers) {
    expect([id, stores[id]?.items]).toEqual([id, [{ key: 'x', value: '5' }]]);
    const disk = await live.ask('disk', { server: id });
    expect([id, disk.lastIndex, disk.problems]).toEqual([id, index, []]);
    expect(disk.entries.at(-1)).toMatchObject({ command: x5 });
    const state = await live.ask('serverState', { server: id });
    expect(state).toMatchObject({ commitIndex: index, durableIndex: index, chain: live.view().servers[id]?.chain });
  }
});

test('leader: killed with -9 → another one leads; restarted → reads its files and catches up', async () => {
  const first = await leader();
  await equalLogs(await submitted(x5));
  await live.ask('kill', { servers: [first], signal: 'SIGKILL' });
  const second = await leader([first]);
  expect(second).not.toBe(first);
  const index = await submitted({ op: 'append', key: 'x', value: '6' });
  const dead = (await live.ask('disk', { server: first })).lastIndex;
  expect(dead).toBeLessThan(index);
  expect(
    (await live.until('the files were read', (view) => view.servers[first]?.disk !== null)).servers[first]?.disk,
  ).toMatchObject({ ok: true, lastIndex: dead });

  await live.ask('restart', { servers: [first] });
  const view = await equalLogs(index);
  expect(view.servers[first]).toMatchObject({ status: 'up', life: 2, restored: { lastIndex: dead, tornBytes: 0 } });
  const { stores } = { stores: await live.ask('stores', { limit: 10 }) };
  expect(stores[first]?.items).toEqual([{ key: 'x', value: '56' }]);
  expect((await live.ask('process', { server: first })).exit).toBe(null);
});

test('leader in a cut-off minority → only the majority commits; healed → all logs are equal', async () => {
  const cutOff = await leader();
  await equalLogs(await submitted(x5));
  const mate = live.servers.find((id) => id !== cutOff) ?? '';
  const group = [cutOff, mate];
  const { fault } = await live.ask('cutOff', { servers: group });
  expect(live.view().settings?.servers).toHaveLength(5);
  const lost = await live.ask('startCommand', { server: cutOff, command: { op: 'set', key: 'lost', value: '1' } });
  expect(lost).toMatchObject({ outcome: 'accepted', isLeader: true, leaderId: cutOff });
  const others = live.servers.filter((id) => !group.includes(id));
  expect(others).toContain(await leader(group));
  const electedUs = live.view().leader?.sinceUs ?? 0;
  const index = await submitted({ op: 'set', key: 'kept', value: '1' });
  await equalLogs(index, others);
  // The lab's client was answered by the deposed leader before. A person's command must go to the leader that can
  // commit.
  const { events: sent } = await live.ask('events', { names: ['CommandSent'], fromUs: electedUs });
  expect(new Set(sent.map((one) => one.event === 'CommandSent' && others.includes(one.to)))).toEqual(new Set([true]));
  expect(live.view().servers[cutOff]?.commitIndex).toBeLessThan(lost.index ?? 0);

  expect(await live.ask('heal', {})).toEqual({ healed: [fault], resumed: [] });
  await equalLogs(index);
  const stores = await live.ask('stores', { limit: 10 });
  for (const id of live.servers) expect(stores[id]?.items.map(({ key }) => key)).toEqual(['kept', 'x']);
  const truncated = await live.ask('events', { names: ['EntriesTruncated'], sources: group });
  expect(truncated.events.length).toBeGreaterThan(0);
});

test('Start: on a follower → not-leader with the leader’s name; on a dead server → no-answer', async () => {
  const lead = await leader();
  await submitted(x5);
  const follower = live.servers.find((id) => id !== lead) ?? '';
  const answer = await live.ask('startCommand', { server: follower, command: x5 });
  expect(answer).toMatchObject({ outcome: 'not-leader', index: null, isLeader: false, leaderId: lead });
  await live.ask('kill', { servers: [follower], signal: 'SIGKILL' });
  expect(await live.ask('startCommand', { server: follower, command: x5 })).toMatchObject({ outcome: 'no-answer' });
  expect(await live.ask('serverState', { server: follower })).toEqual({ noAnswer: true });
});

test('server: terminated → ends in order with exit code 0', async () => {
  const lead = await leader();
  const follower = live.servers.find((id) => id !== lead) ?? '';
  await live.ask('kill', { servers: [follower], signal: 'SIGTERM' });
  const view = await live.until('it is down', (now) => now.servers[follower]?.status === 'down');
  expect(view.servers[follower]?.exit).toMatchObject({ code: 0, signal: null, ordered: true });
});

test('pace: set during a run → servers and links slow down', async () => {
  await leader();
  await live.ask('setPace', { pace: 'classroom' });
  const view = await live.until('the pace', (now) => now.pace === 'classroom');
  expect([view.tickMs, view.hopDelayMs]).toEqual([100, 200]);
  const answer = await live.ask('submit', { command: x5 });
  expect(answer.outcome).toBe('done');
  // The command travels to the leader and to a follower, and both ways back: four hops of 200 ms.
  if (answer.outcome === 'done') expect(answer.latencyMs).toBeGreaterThan(790);
});

test('timing: set during a run → links at once, servers at their next timer and after a restart', async () => {
  const lead = await leader();
  const own = { electionTicks: 40, electionMaxTicks: 41, heartbeatTicks: 6, hopTicks: 3 };
  const answer = await live.ask('setTiming', own);
  expect(answer.timing).toEqual(own);
  const view = await live.until('the timing', (now) => now.hopDelayMs === 30);
  expect(view.settings).toMatchObject(own);
  const follower = live.servers.find((id) => id !== lead) ?? '';
  const isNew = (ticks: number | undefined): boolean => ticks === 40 || ticks === 41;
  await live.until('a timer of the new range', ({ servers }) => isNew(servers[follower]?.timer?.timeoutTicks));
  const { events } = await live.ask('events', { names: ['MessageSent'] });
  const sent = events.at(-1);
  if (sent?.event === 'MessageSent') expect(sent.dueUs - sent.timeUs).toBeGreaterThanOrEqual(30_000);
  await live.ask('kill', { servers: [follower], signal: 'SIGKILL' });
  await live.until('it is down', (now) => now.servers[follower]?.status === 'down');
  await live.ask('restart', { servers: [follower] });
  const back = await live.until('it is back', ({ servers }) => servers[follower]?.timer != null);
  expect(isNew(back.servers[follower]?.timer?.timeoutTicks)).toBe(true);
  await expect(live.ask('setTiming', { electionMaxTicks: 39 })).rejects.toThrow(/longest election timeout/);
});

test('network process: dies → the servers reconnect through its replacement', async () => {
  await leader();
  await submitted(x5);
  const spawned = async (): Promise<readonly number[]> => {
    const { events } = await live.ask('events', { names: ['NetworkSpawned'] });
    return events.flatMap((event) => (event.event === 'NetworkSpawned' ? [event.pid] : []));
  };
  const [pid = 0] = await spawned();
  process.kill(pid, 'SIGKILL');
  await expect.poll(async () => (await spawned()).length).toBe(2);
  const index = await submitted({ op: 'append', key: 'x', value: '!' });
  // Not every server has applied the entry: a leader of a later term commits it only with an entry of its own (rule
  // L1).
  await live.until(`entry ${index} on every disk`, ({ servers }) =>
    live.servers.every((id) => {
      const { durableIndex, chain } = servers[id] ?? { durableIndex: 0, chain: null };
      return durableIndex >= index && chain === servers.S1?.chain;
    }),
  );
});
