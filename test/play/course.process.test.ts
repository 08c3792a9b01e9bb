/**
 * The scenarios as tests: each is played in exactly one test file; they run as a door requests them; and servers that
 * forget, a cluster without a leader and a manipulated history are found.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClientHistory } from '../../src/core/check/history/index.ts';
import { readScenario } from '../../src/core/scenario/index.ts';
import { parseTraceLine, type TraceEvent } from '../../src/core/trace/index.ts';
import { judgeRunFolder, LabWatch, scenariosIn } from '../../src/lab/index.ts';
import { courseTests, drawnSeed, openCourse, otherScenarios, PLAYED_IN, scenarioFolder } from './course.ts';

const course = openCourse();

test('course scenarios: all → seventeen in the report’s order; no program names any of them', async () => {
  expect(courseTests.map(({ order }) => order)).toEqual(Array.from({ length: 17 }, (_, at) => at + 1));
  const listed = (await scenariosIn(scenarioFolder)).map(({ name }) => name);
  expect(listed.slice(0, 18)).toEqual(['Tour', ...courseTests.map(({ name }) => name)]);
  const sources = readdirSync(join(import.meta.dirname, '../../src'), { recursive: true, withFileTypes: true });
  for (const file of sources) {
    if (!file.isFile()) continue;
    const text = readFileSync(join(file.parentPath, file.name), 'utf8');
    for (const { name } of courseTests) expect(text.includes(name), `${file.name} knows ${name}`).toBe(false);
  }
});

test('scenarios: all but the one of ten minutes → each in one existing test file', () => {
  const played = Object.values(PLAYED_IN).flat();
  expect([...played].sort()).toEqual([...courseTests, ...otherScenarios].map(({ name }) => name).sort());
  for (const file of Object.keys(PLAYED_IN))
    expect([file, existsSync(join(import.meta.dirname, file))]).toEqual([file, true]);
});

describe('scenario requested by a door', () => {
  test('scenario: listed and played → shown step by step; stopped → its cluster keeps running', async () => {
    const listed = await course.lab.ask('listScenarios', {});
    expect(listed.ok && listed.value.map(({ name }) => name).slice(0, 2)).toEqual(['Tour', 'TestInitialElection']);
    expect(await course.lab.ask('playScenario', { name: 'Nothing', seed: null })).toMatchObject({
      ok: false,
      error: { code: 'unknown-scenario' },
    });
    const watch = new LabWatch(course.lab);
    const playing = await course.lab.ask('playScenario', { name: 'TestBasicAgree', seed: 7 });
    expect(playing).toMatchObject({
      ok: true,
      value: { mode: 'live', settings: { seed: 7, electionTicks: 30, heartbeatTicks: 5 } },
    });
    const { scenario } = await watch.until('the end of the scenario', (view) => view.scenario?.ended != null);
    expect(scenario).toMatchObject({
      name: 'TestBasicAgree',
      seed: 7,
      at: 0,
      reported: 0.47,
      ended: { verdict: 'valid', reason: null },
    });

    await course.lab.ask('playScenario', { name: 'TestInitialElection', seed: null });
    await watch.until(
      'its first step',
      (view) => view.scenario?.name === 'TestInitialElection' && view.scenario.at >= 0,
    );
    await course.lab.ask('stopScenario', {});
    const stopped = await watch.until('its end', (view) => view.scenario?.ended != null);
    expect(stopped.scenario?.ended).toMatchObject({
      verdict: 'unknown',
      reason: { en: expect.stringContaining('called off'), zh: expect.stringContaining('中止') },
    });
    expect(Object.values(stopped.servers).map(({ status }) => status)).toEqual(['up', 'up', 'up']);

    const another = { name: 'TestReElection', seed: null };
    expect(await course.lab.ask('playScenario', another)).toMatchObject({ error: { code: 'run-in-use' } });
    expect(await course.lab.ask('playScenario', { ...another, endLive: true })).toMatchObject({ ok: true });
    expect(await course.lab.ask('closeRun', {})).toEqual({ ok: true, value: { mode: 'idle' } });
    watch.stop();
  });
});

describe('scenario from a file', () => {
  const text = [
    'name: TestReElection',
    'title: { en: Mine, zh: 我的 }',
    'cluster: { servers: 3, mode: production, pace: real }',
    'steps:',
    '  - checkOneLeader: L',
  ].join('\n');

  test('scenario file: played twice → this file’s scenario, not the built-in one of its name', async () => {
    const watch = new LabWatch(course.lab);
    const ended = async (what: string) =>
      (await watch.until(what, ({ scenario }) => scenario?.title.en === 'Mine' && scenario.ended !== null)).scenario;
    await course.lab.ask('playScenarioFile', { file: 'mine.yaml', text, seed: 7 });
    expect(await ended('its end')).toMatchObject({ seed: 7, ended: { verdict: 'valid' } });
    await course.lab.ask('playScenario', { name: 'TestReElection', seed: 8, again: true });
    await watch.until('the second seed', ({ scenario }) => scenario?.seed === 8);
    expect(await ended('its second end')).toMatchObject({ seed: 8, ended: { verdict: 'valid' } });
    watch.stop();
  });

  test('scenario file: a mistake → file, line and column; the open run stays open', async () => {
    const before = await course.lab.ask('ready', { autoStart: false });
    const answer = await course.lab.ask('playScenarioFile', {
      file: 'mine.yaml',
      text: `${text}\n  - kil: L`,
      seed: 7,
    });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'bad-scenario', params: { file: 'mine.yaml', line: 6 } },
    });
    expect(answer.ok ? '' : answer.error.message).toMatch(/^mine\.yaml, line 6, column \d+: .*kil/);
    expect(await course.lab.ask('ready', { autoStart: false })).toEqual(before);
    expect(before).toMatchObject({ ok: true, value: { mode: expect.stringMatching(/live|past/) } });
  });
});

describe('report §4.9: without persistence', () => {
  test('TestPersist1: servers forget → violated, and the run names the contradicted entry', async () => {
    const persist = courseTests.find(({ name }) => name === 'TestPersist1');
    if (persist === undefined) throw new Error('it is gone');
    const forgetful = { S1: 'nothing-persisted', S2: 'nothing-persisted', S3: 'nothing-persisted' };
    const outcome = await course.play(persist, drawnSeed(), { mutants: forgetful });
    expect(outcome).toMatchObject({ verdict: 'violated', name: 'TestPersist1' });
    expect(outcome.reason).toMatch(/S\d applied 1\d at index 1, where S\d had applied 11/);
    const { verdicts } = await judgeRunFolder(join(course.dataFolder, 'runs', outcome.runId));
    const broken = verdicts.filter((one) => one.outcome === 'violated').map(({ property }) => property);
    expect(broken).toContain('durable-before-reveal');
  });
});

describe('liveness', () => {
  const quiet =
    'name: Quiet\ntitle: { en: Quiet, zh: 安静 }\ncluster: { servers: 3, mode: course }\nsteps:\n  - sleep: 9000\n';

  test('liveness: a healthy majority gets no leader → violated, though every step succeeded', async () => {
    const deaf = { S1: 'higher-term-ignored', S2: 'higher-term-ignored', S3: 'higher-term-ignored' };
    const outcome = await course.play(readScenario(quiet), drawnSeed(), { mutants: deaf });
    expect(outcome).toMatchObject({ verdict: 'violated', liveness: 'violated' });
    expect(outcome.reason).toMatch(/^S1, S2, S3 were well and had no leader for \d\.\d s; 6\.0 s are enough$/);
    const { liveness } = await judgeRunFolder(join(course.dataFolder, 'runs', outcome.runId));
    expect(liveness).toMatchObject({ outcome: 'violated', violation: { what: 'no-leader' } });
  });

  test('liveness: the right rules → a leader in time', async () => {
    const outcome = await course.play(readScenario(quiet), drawnSeed());
    expect(outcome).toMatchObject({ verdict: 'valid', liveness: 'valid' });
  });
});

test('submit: no answer → violated, with the number of attempts, in both languages', async () => {
  const steps = '  - kill: [S2, S3]\n  - submit: set x 1\n';
  const head = 'name: Mute\ntitle: { en: Mute, zh: 无声 }\ncluster: { servers: 3, mode: paper }\nsteps:\n';
  const outcome = await course.play(readScenario(head + steps), drawnSeed());
  expect(outcome).toMatchObject({ verdict: 'violated', liveness: 'not-judged' });
  expect(outcome.reason).toMatch(/^"set x 1" was asked \d+ times and not answered \(line 6\)$/);
  expect(outcome.reasonZh).toMatch(/^“set x 1”问了 \d+ 次，没有得到回答（第 6 行）$/);
});

describe('history of real clients', () => {
  const calm = 'name: Calm\ntitle: { en: Calm, zh: 平静 }\ncluster: { servers: 3, mode: production }\nsteps:\n';
  const commands = ['set x 1', 'append x 2', 'get x', 'set x 3', 'get x', 'append x 4', 'append x 5', 'get x'];

  /** Returns the operations and answers of clients in a run that has just been played. */
  async function recorded(): Promise<readonly TraceEvent[]> {
    const outcome = await course.play(
      readScenario(calm + commands.map((one) => `  - submit: ${one}\n`).join('')),
      drawnSeed(),
    );
    expect(outcome).toMatchObject({ verdict: 'valid', history: 'valid' });
    const lines = readFileSync(join(course.dataFolder, 'runs', outcome.runId, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    return lines.flatMap((line) => {
      const parsed = parseTraceLine(line);
      return parsed.ok && parsed.event.event.startsWith('Command') ? [parsed.event] : [];
    });
  }

  const verdictOf = (events: readonly TraceEvent[]) => {
    const history = new ClientHistory();
    for (const event of events) history.observe(event);
    return history.judge().verdict;
  };

  test('history: as recorded → linearizable; with a stale read, lost or doubled write → not', async () => {
    const events = await recorded();
    expect(verdictOf(events)).toBe('valid');
    const done = events.filter((event) => event.event === 'CommandDone');
    expect(done).toHaveLength(commands.length);
    const tampered = (at: number, value: string, previous: string | null = value) =>
      events.map((event) =>
        event === done[at] ? { ...event, result: { ok: true, value, previous } } : event,
      ) as readonly TraceEvent[];
    expect(verdictOf(tampered(4, '12'))).toBe('violated');
    expect(verdictOf(tampered(7, '34'))).toBe('violated');
    expect(verdictOf(tampered(7, '34545'))).toBe('violated');
    expect(verdictOf(tampered(6, '344', '34'))).toBe('violated');
  });
});
