/** The effect of each step, on a fake cluster whose answers the test sets. */
import { describe, expect, test } from 'vitest';
import { ACTION_NAMES, ACTION_STEPS, type ActionName } from '../../src/core/actions/index.ts';
import { LabProblem } from '../../src/core/lab-api/lab-problem.ts';
import { readScenario } from '../../src/core/scenario/index.ts';
import { PLAIN_SHAPE } from '../../src/core/wire/index.ts';
import { ScenarioFailure } from '../../src/play/failure.ts';
import { Interpreter } from '../../src/play/interpreter.ts';
import { type FakeCluster, fakeCluster } from './fake-cluster.ts';

const head = 'name: Test\ntitle: { en: A test, zh: 测试 }\ncluster: { servers: 3 }\nsteps:\n';

/** Plays steps, the first of which is on line 5. Returns the warnings and notes. */
async function play(cluster: FakeCluster, steps: string, seed = 1): Promise<string[]> {
  const said: string[] = [];
  const progress = {
    began: () => undefined,
    ended: () => undefined,
    warned: ({ en }: { en: string }) => said.push(`warned: ${en}`),
    noted: ({ en }: { en: string }) => said.push(en),
  };
  await new Interpreter(cluster, seed, progress).play(readScenario(head + steps).steps);
  return said;
}

async function failureOf(work: Promise<unknown>): Promise<ScenarioFailure> {
  const failure = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (failure instanceof ScenarioFailure) return failure;
  throw new Error(`not a failure of the scenario: ${String(failure)}`);
}

const says = 'says: { en: wrong, zh: 错 }';

test('targets: numbers → wrap around; names, roles and lists → their servers', async () => {
  const cluster = fakeCluster();
  cluster.states.set('S2', { term: 1, isLeader: true });
  await play(
    cluster,
    '  - let: { L: 3 }\n  - kill: L + 1\n  - kill: [S2, L]\n  - restart: dead\n  - freeze: leader\n  - cut: { from: S1, to: all }\n',
  );
  expect(cluster.actions).toEqual([
    'kill S1',
    'kill S2 S3',
    'restart S1 S2 S3',
    'freeze S2',
    'setLinks S1>S2 S1>S3 cut',
  ]);
});

test('heal: true → everything; links → links only; every server counts as connected', async () => {
  const cluster = fakeCluster();
  await play(cluster, '  - disconnect: S1\n  - heal: links\n  - disconnect: S2\n  - heal: true\n  - disconnect: S3\n');
  expect(cluster.actions).toEqual([
    'partition S2+S3 S1',
    'heal keepFrozen=true',
    'partition S1+S3 S2',
    'heal',
    'partition S1+S2 S3',
  ]);
});

test('partition: more groups than servers → carried out', async () => {
  const cluster = fakeCluster(5);
  const pairs = '[1, 2], [1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5], [3, 4], [3, 5], [4, 5]';
  await play(cluster, `  - partition: [${pairs}]\n`);
  expect(cluster.actions).toEqual(['partition S1+S2 S1+S3 S1+S4 S1+S5 S2+S3 S2+S4 S2+S5 S3+S4 S3+S5 S4+S5']);
});

test('crash1, start1: a server named twice → killed and started once', async () => {
  const cluster = fakeCluster();
  await play(cluster, '  - let: { L: 1 }\n  - crash1: [S1, L, L + 3]\n  - start1: [L, S1]\n');
  expect(cluster.actions).toEqual(['partition S2+S3 S1', 'kill S1', 'partition S2+S3 S1', 'spawn S1']);
});

test('disconnect, connect → connected servers form one group, each other server is alone', async () => {
  const cluster = fakeCluster();
  await play(cluster, '  - disconnect: S1\n  - disconnect: S2\n  - crash1: S3\n  - start1: S3\n  - connect: all\n');
  const apart = 'partition S1 S2 S3';
  expect(cluster.actions).toEqual([
    'partition S2+S3 S1',
    'partition S3 S1 S2',
    apart,
    'kill S3',
    apart,
    'spawn S3',
    'partition ',
  ]);
});

/** Each action as a step, in its usual and its older forms, with the action that the cluster receives. */
const AS_STEPS: { readonly [Name in ActionName]: Readonly<Record<string, string>> } = {
  kill: {
    'kill: [S1, S1, S2]': 'kill S1 S2',
    'kill: { servers: S1, signal: SIGTERM }': 'kill S1 signal=SIGTERM',
  },
  restart: { 'restart: S3': 'restart S3' },
  killInWrite: { 'killInWrite: leader': 'killInWrite S2' },
  freeze: { 'freeze: S1': 'freeze S1' },
  resume: { 'resume: { servers: S1 }': 'resume S1' },
  cutOff: { 'cutOff: leader': 'cutOff S2' },
  partition: {
    'partition: [[S1, S2], [S3]]': 'partition S1+S2 S3',
    'partition: [[S1], []]': 'partition S1',
    'partition: []': 'partition ',
  },
  cutClients: { 'cutClients: S1': 'cutClients S1' },
  setLinks: {
    'setLinks: { links: { from: S1, to: [S1, S2] }, policy: hold }': 'setLinks S1>S2 hold',
    'setLinks: { links: { from: S1, to: S2 }, policy: { lossPercent: 30 } }': `setLinks S1>S2 ${JSON.stringify({ ...PLAIN_SHAPE, lossPercent: 30 })}`,
    'setLinks: { links: { from: S1, to: S2 }, policy: { replies: { delayMs: 9 } } }': `setLinks S1>S2 ${JSON.stringify(PLAIN_SHAPE)}`,
    'cut: { from: S1, to: all }': 'setLinks S1>S2 S1>S3 cut',
  },
  resetLinks: { 'resetLinks: { from: S1, to: S3 }': 'resetLinks S1>S3' },
  setNetwork: {
    'setNetwork: unreliable': 'setNetwork is=unreliable',
    'network: { is: long-reordering }': 'setNetwork is=long-reordering',
  },
  heal: {
    'heal: true': 'heal',
    'heal: { on: links }': 'heal keepFrozen=true',
    'heal: { fault: "\'F7\'" }': 'heal fault=F7',
  },
  setKeepAlive: { 'setKeepAlive: false': 'setKeepAlive on=false' },
  setRandomFaults: {
    'setRandomFaults: { perMinute: 20, seed: 5 }': 'setRandomFaults perMinute=20 seed=5',
    'nemesis: { perMinute: 0 }': 'setRandomFaults perMinute=0 seed=1907457613',
  },
  setPace: { 'setPace: classroom': 'setPace pace=classroom' },
  setTiming: {
    'setTiming: { electionTicks: 15, electionMaxTicks: 18 }': 'setTiming electionTicks=15 electionMaxTicks=18',
    'setTiming: { paceHop: true, lossPercent: 5 }': 'setTiming lossPercent=5 paceHop=true',
  },
  submit: { 'submit: set x 5': 'submit command=set x 5' },
  startCommand: {
    'startCommand: { server: S3, command: get x }': 'startCommand server=S3 command=get x',
  },
};

test.each(Object.values(AS_STEPS).flatMap((forms) => Object.entries(forms)))(
  'step %s → the action %s',
  async (step, asked) => {
    const cluster = fakeCluster();
    cluster.states.set('S2', { term: 1, isLeader: true });
    await play(cluster, `  - ${step}\n`);
    expect(cluster.actions).toEqual([asked]);
  },
);

test.each(ACTION_NAMES.filter((name) => ACTION_STEPS[name].main === 'servers'))(
  'step %s: no server named → does nothing',
  async (name) => {
    const cluster = fakeCluster();
    await play(cluster, `  - ${name}: dead\n`);
    expect(cluster.actions).toEqual([]);
  },
);

test('heal: fault begun with as → healed by that name', async () => {
  const cluster = fakeCluster();
  cluster.answers.setLinks = { fault: 'F4' };
  await play(
    cluster,
    '  - setLinks: { links: { from: S1, to: S2 }, policy: cut, as: broken }\n  - heal: { fault: broken }\n',
  );
  expect(cluster.actions).toEqual(['setLinks S1>S2 cut', 'heal fault=F4']);
});

test('startCommand: refused by a follower → the name in as has the outcome', async () => {
  const cluster = fakeCluster();
  cluster.answers.startCommand = { outcome: 'not-leader', index: null, term: 1, isLeader: false, leaderId: null };
  const said = await play(
    cluster,
    `  - startCommand: { server: S1, command: get x, as: outcome }\n  - expect: { that: "outcome == 'not-leader'", ${says} }\n`,
  );
  expect(said).toEqual([]);
});

test('one: tries connected servers until enough applied it; overwritten → submits again', async () => {
  const cluster = fakeCluster();
  let taken = 0;
  cluster.answer = (server) => {
    if (server !== 'S3') return { accepted: false, index: -1, term: -1 };
    taken += 1;
    return { accepted: true, index: taken, term: 1 };
  };
  cluster.onTime = (now) => {
    if (now > 100) cluster.log.set(1, { count: 3, values: [99] });
    if (now > 2_500) cluster.log.set(2, { count: 3, values: [5] });
  };
  const said = await play(
    cluster,
    `  - one: { value: 5, servers: 3, as: got }\n  - expect: { that: got == 2 and elapsed() > 2500 and elapsed() < 2600, ${says} }\n`,
  );
  expect(said).toEqual([]);
  expect(cluster.actions).toEqual(['S2', 'S3', 'S1', 'S2', 'S3'].map((server) => `Start ${server} 5`));
});

test('one: no server accepts for 10 s → fails', async () => {
  const failure = await failureOf(play(fakeCluster(), '  - one: { value: 5, servers: 3 }\n'));
  expect(failure).toMatchObject({ kind: 'violated', message: 'one(5) did not reach agreement on 3 servers in 10 s' });
  expect(failure.place).toEqual({ line: 5, column: 5 });
});

test('checkOneLeader: several terms → the newest; two leaders in one term, none for 5 s → fails', async () => {
  const cluster = fakeCluster();
  cluster.states.set('S1', { term: 3, isLeader: true }).set('S2', { term: 4, isLeader: true });
  await play(cluster, `  - checkOneLeader: L\n  - expect: { that: L == 2 and elapsed() == 500, ${says} }\n`);
  cluster.states.set('S1', { term: 4, isLeader: true });
  expect((await failureOf(play(cluster, '  - checkOneLeader: L\n'))).message).toBe('term 4 has more than one leader');
  for (const server of cluster.servers) cluster.states.set(server, { term: 4, isLeader: false });
  expect(await failureOf(play(cluster, '  - checkOneLeader: L\n'))).toMatchObject({
    kind: 'violated',
    message: expect.stringContaining('got none within 5 s'),
  });
});

test.each(['checkOneLeader: L', 'checkNoLeader: true', 'checkTerms: t'])(
  '%s: a server that does not answer → unknown, with its name',
  async (step) => {
    const cluster = fakeCluster();
    cluster.states.set('S1', { term: 3, isLeader: false }).set('S3', { term: 3, isLeader: false });
    expect(await failureOf(play(cluster, `  - ${step}\n`))).toMatchObject({
      kind: 'unknown',
      message: 'S2 did not answer, so nobody knows what it believes',
    });
  },
);

test.each(['checkNoLeader: true', 'checkTerms: t'])('%s: no server up → unknown', async (step) => {
  const cluster = fakeCluster();
  for (const server of cluster.servers) cluster.dead.add(server);
  expect(await failureOf(play(cluster, `  - ${step}\n`))).toMatchObject({
    kind: 'unknown',
    message: 'no connected server is up, so there is nothing to look at',
  });
});

test('checkNoLeader: asks connected servers only; checkTerms: different terms → fails', async () => {
  const cluster = fakeCluster();
  cluster.states.set('S1', { term: 3, isLeader: true }).set('S2', { term: 2, isLeader: false });
  cluster.states.set('S3', { term: 2, isLeader: false });
  await play(cluster, '  - disconnect: S1\n  - checkNoLeader: true\n  - checkTerms: t\n');
  expect((await failureOf(play(cluster, '  - checkNoLeader: true\n'))).message).toContain('S1 claims to be one');
  expect((await failureOf(play(cluster, '  - checkTerms: t\n'))).message).toContain('disagree on the term: 3, 2');
});

test('wait: applied → the value; a term passed → -1; too few after all polls → fails', async () => {
  const cluster = fakeCluster();
  cluster.log.set(1, { count: 2, values: [7] });
  await play(cluster, `  - wait: { index: 1, servers: 2, as: v }\n  - expect: { that: v == 7, ${says} }\n`);
  cluster.states.set('S1', { term: 5, isLeader: false });
  await play(cluster, `  - wait: { index: 1, servers: 3, term: 4, as: v }\n  - expect: { that: v == -1, ${says} }\n`);
  const failure = await failureOf(play(cluster, '  - wait: { index: 1, servers: 3 }\n'));
  expect(failure.message).toBe('only 2 servers decided index 1, wanted 3');
  expect(cluster.nowMs()).toBeGreaterThan(29_000);
});

test('applied(): different values at one index → violated', async () => {
  const cluster = fakeCluster();
  cluster.log.set(4, { count: 2, values: [7, 8] });
  const failure = await failureOf(play(cluster, `  - expect: { that: applied(4) == 2, ${says} }\n`));
  expect(failure).toMatchObject({ kind: 'violated', message: 'committed values at index 4 differ: 7, 8' });
});

test('different entries at one index → the scenario ends, whatever its step', async () => {
  const cluster = fakeCluster();
  cluster.clash = { en: 'S2 applied 8 at index 4, where S1 had applied 7', zh: '不同' };
  expect(await failureOf(play(cluster, '  - sleep: 5\n'))).toMatchObject({
    kind: 'violated',
    message: cluster.clash.en,
    says: cluster.clash,
  });
});

test('Start: leader, leaderConnected → the last (connected) server that accepted, or 0', async () => {
  const cluster = fakeCluster();
  cluster.answer = (server) => ({ accepted: server !== 'S1', index: 9, term: 2 });
  const steps = `  - disconnect: S3
  - Start: { servers: all, value: 1, leader: a, leaderConnected: b, index: i, term: t }
  - Start: { servers: S1, value: 1, leader: c, index: j }
  - expect: { that: "[a, b, i, t, c, j] == [3, 2, 9, 2, 0, -1]", ${says} }\n`;
  await play(cluster, steps);
});

test('names: let → outer scope; background → its own; collect → shared; join → waits', async () => {
  const steps = `  - let: { all_: [], shared: 0 }
  - repeat:
      times: 3
      as: i
      steps:
        - background:
            name: parts
            steps:
              - let: { mine: i, shared: shared + 1 }
              - sleep: 10
              - collect: { into: all_, value: mine }
  - join: parts
  - expect: { that: "all_ == [0, 1, 2] and shared == 3", ${says} }\n`;
  await play(fakeCluster(), steps);
});

test('tries: retry → begins again after the pause; after the last → fails with its sentence', async () => {
  const cluster = fakeCluster();
  const steps = (needed: number) => `  - let: { n: 0 }
  - tries:
      times: 3
      pause: 3000
      ${says}
      steps:
        - let: { n: n + 1 }
        - retry: n < ${needed}
  - expect: { that: n == ${needed} and elapsed() == ${(needed - 1) * 3000}, ${says} }\n`;
  await play(cluster, steps(3));
  expect(await failureOf(play(fakeCluster(), steps(4)))).toMatchObject({ kind: 'violated', message: 'wrong' });
});

test('repeat: count or time → ends and gives its rounds; loop, if, forEach → their steps', async () => {
  const steps = `  - repeat: { times: 1000, within: 95, done: n, steps: [{ sleep: 10 }] }
  - let: { sum: 0 }
  - loop: { while: sum < 5, steps: [{ let: { sum: sum + 1 } }] }
  - forEach: { in: "[10, 20]", as: x, steps: [{ let: { sum: sum + x } }] }
  - if: { that: sum == 35, steps: [{ note: { en: yes it is, zh: 是 } }], else: [{ note: { en: not so, zh: 否 } }] }
  - if: { that: sum == 36, steps: [{ note: { en: yes it is, zh: 是 } }] }
  - expect: { that: n == 10, ${says} }\n`;
  expect(await play(fakeCluster(), steps)).toEqual(['yes it is']);
});

test('clients: run beside later steps until their condition fails; join → waits for them', async () => {
  const cluster = fakeCluster();
  await play(
    cluster,
    '  - let: { on: true }\n  - clients: { name: c, count: 2, while: on }\n  - kill: S1\n  - let: { on: false }\n  - join: c\n  - kill: S2\n',
  );
  expect(cluster.actions).toEqual(['clients 2', 'kill S1', 'clients ended', 'kill S2']);
});

test('parallel: two branches → run side by side', async () => {
  const cluster = fakeCluster();
  await play(cluster, '  - parallel:\n    - - kill: S1\n      - kill: S2\n    - - freeze: S3\n');
  expect(cluster.actions).toEqual(['kill S1', 'freeze S3', 'kill S2']);
});

test('expect → waits for its condition; warn → continues; require → unknown', async () => {
  const cluster = fakeCluster();
  cluster.onTime = (now) => void cluster.log.set(1, { count: now >= 200 ? 3 : 0, values: [] });
  expect(
    await play(
      cluster,
      `  - expect: { that: applied(1) == 3, within: 1000, ${says} }\n  - warn: { when: elapsed() >= 200, ${says} }\n`,
    ),
  ).toEqual(['warned: wrong']);
  const late = await failureOf(play(fakeCluster(), `  - expect: { that: applied(2) == 3, within: 1000, ${says} }\n`));
  expect(late).toMatchObject({ kind: 'violated', message: 'wrong' });
  expect(await failureOf(play(cluster, `  - require: { that: 1 == 2, ${says} }\n`))).toMatchObject({ kind: 'unknown' });
});

test('background part fails → the scenario ends at its next step, with the failure’s place', async () => {
  const steps = `  - background: { name: b, steps: [{ sleep: 5 }, { expect: { that: 1 == 2, ${says} } }] }\n  - repeat: { times: 50, steps: [{ sleep: 1 }] }\n  - kill: S1\n`;
  const cluster = fakeCluster();
  const failure = await failureOf(play(cluster, steps));
  expect(failure).toMatchObject({ kind: 'violated', message: 'wrong', place: { line: 5 } });
  expect(cluster.actions).toEqual([]);
});

test('seed: the same → same draws; another → other draws', async () => {
  const actions = async (seed: number) => {
    const cluster = fakeCluster();
    await play(
      cluster,
      '  - repeat: { times: 30, steps: [{ kill: random(3) + 1 }, { if: { that: chance(50), steps: [{ restart: minority }] } }] }\n',
      seed,
    );
    return cluster.actions;
  };
  expect(await actions(5)).toEqual(await actions(5));
  expect(await actions(5)).not.toEqual(await actions(6));
});

test('value of the wrong kind → unknown with its line: the file’s mistake, not Raft’s', async () => {
  expect(await failureOf(play(fakeCluster(), '  - let: { a: [] }\n  - sleep: a + 1\n'))).toMatchObject({
    kind: 'unknown',
    message: 'ms: [] is not a number',
    place: { line: 6 },
  });
  expect(await failureOf(play(fakeCluster(), '  - kill: 1 / 2\n'))).toMatchObject({ kind: 'unknown' });
});

test('step: refused in the cluster’s state → unknown; the lab cannot do it → lab failure', async () => {
  const refusing = (problem: Error): FakeCluster => ({ ...fakeCluster(), act: () => Promise.reject(problem) });
  const kindFor = async (problem: Error) => (await failureOf(play(refusing(problem), '  - restart: S1\n'))).kind;
  expect(await kindFor(new LabProblem('already-up', { server: 'S1' }))).toBe('unknown');
  expect(await kindFor(new LabProblem('spawn-failed', { server: 'S1', errno: 'EAGAIN' }))).toBe('lab-failure');
});

describe('scenario that never waits', () => {
  /** Returns a cluster that is called off once other work has had the thread, which a timer shows. */
  function calledOffByTimer(): { readonly cluster: FakeCluster; readonly stop: () => void } {
    const calledOff = new AbortController();
    const timer = setTimeout(() => calledOff.abort(new ScenarioFailure('unknown', 'called off')), 20);
    const cluster = { ...fakeCluster(), assertGoesOn: () => calledOff.signal.throwIfAborted() };
    return { cluster, stop: () => clearTimeout(timer) };
  }

  test.each([
    ['a loop without steps', 'loop: { while: elapsed() >= 0, steps: [] }'],
    ['a repeat without steps', 'repeat: { times: floor(100000.5), steps: [{ repeat: { times: 100000, steps: [] } }] }'],
    ['nested repeats', 'repeat: { times: 1000, steps: [{ repeat: { times: 1000, steps: [{ let: { a: 1 } }] } }] }'],
    ['a loop of steps that do nothing', 'loop: { while: elapsed() >= 0, steps: [{ if: { that: false, steps: [] } }] }'],
    ['side by side', 'parallel: [[{ loop: { while: elapsed() >= 0, steps: [] } }], [{ sleep: 1 }]]'],
  ])('%s: called off → ends, and other work had the thread', async (_what, step) => {
    const { cluster, stop } = calledOffByTimer();
    expect(await failureOf(play(cluster, `  - ${step}\n`))).toMatchObject({
      message: 'called off',
      place: { line: 5 },
    });
    stop();
  });

  test('endless scenario: not called off → ends after a million steps', async () => {
    const endless = play(fakeCluster(), '  - loop: { while: elapsed() >= 0, steps: [] }\n');
    expect(await failureOf(endless)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('1000000 steps'),
      place: { line: 5 },
    });
  });

  test.each([
    [
      'a list that grows',
      'repeat: { times: 100000, steps: [{ collect: { into: a, value: 1 } }] }',
      'at most 10000 items',
    ],
    ['a list that doubles', 'repeat: { times: 60, steps: [{ let: { a: [a, a] } }] }', 'at most 10000 items'],
    [
      'a list inside itself',
      'repeat: { times: 60, steps: [{ let: { a: [a] } }] }',
      'at most 40 lists inside each other',
    ],
    ['notes', `loop: { while: elapsed() >= 0, steps: [{ note: { en: hi, zh: 你好 } }] }`, '10000 notes and warnings'],
    [
      'background parts',
      'loop: { while: elapsed() >= 0, steps: [{ background: { name: b, steps: [{ sleep: forever }] } }] }',
      '256 background parts',
    ],
  ])('%s → unknown with its line', async (_what, step, sentence) => {
    const cluster = { ...fakeCluster(), sleep: () => new Promise<void>(() => undefined) };
    expect(await failureOf(play(cluster, `  - let: { a: [], forever: 5 }\n  - ${step}\n`))).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining(sentence),
      place: { line: 6 },
    });
  });

  test('background parts: earlier ones ended → new ones may begin', async () => {
    const cluster = fakeCluster();
    await play(cluster, '  - repeat: { times: 1000, steps: [{ background: { name: b, steps: [] } }, { join: b }] }\n');
  });
});

test.each([
  ['sleep: n', -5_000, 'ms is a number from 0 to 1800000, not -5000'],
  ['sleep: n', 3e9, 'ms is a number from 0 to 1800000, not 3000000000'],
  ['sleep: 0 * n / 0', 1, 'ms is a number from 0 to 1800000, not NaN'],
  ['clients: { name: crowd, count: n, while: true }', -1, 'count is a number from 0 to 256, not -1'],
  ['repeat: { times: n, steps: [] }', 1e9, 'times is a number from 0 to 100000, not 1000000000'],
  [`tries: { times: n, pause: 5, steps: [], ${says} }`, -1, 'times is a number from 0 to 100000, not -1'],
  ['nemesis: n', 601, 'perMinute is a number from 0 to 600, not 601'],
])('%s with n = %s → refused with its line', async (step, n, sentence) => {
  expect(await failureOf(play(fakeCluster(), `  - let: { n: ${n} }\n  - ${step}\n`))).toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining(sentence),
    place: { line: 6 },
  });
});

test('within: the span ran out before the step began → over at once', async () => {
  const cluster = fakeCluster();
  await play(cluster, '  - sleep: 10\n  - repeat: { times: 5, within: 5 - elapsed(), steps: [{ kill: S1 }] }\n');
  expect(cluster.actions).toEqual([]);
});
