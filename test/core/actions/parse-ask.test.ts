/** The check of requests: a valid request passes unchanged, any other gets one sentence that names the problem. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRequestName, LIMITS, parseAsk, REQUEST_NAMES, type RequestName } from '../../../src/core/actions/index.ts';
import { LONG_REORDERING, PLAIN_SHAPE } from '../../../src/core/wire/index.ts';

const GOOD: { readonly [Name in RequestName]: readonly unknown[] } = {
  ready: [{ autoStart: true }, { autoStart: false }],
  createRun: [
    {},
    { servers: 1 },
    {
      servers: 9,
      pace: 'slow-motion',
      preset: 'production',
      flags: { noop: false },
      durability: 'os-cache',
      seed: 4_294_967_295,
    },
  ],
  continueRun: [{ runId: null }, { runId: '2026-11-23T20-15-00-a1b2' }],
  openRun: [{ runId: 'r1' }],
  closeRun: [{}],
  deleteRun: [{ runId: '2026-11-23T20-23-28-4f2a' }],
  labelRun: [{ runId: '2026-11-23T20-23-28-4f2a', title: 'for the talk', note: 'two\nlines' }],
  keepRuns: [{ newest: 0 }, { newest: 20, agreed: { count: 2, first: '2026-11-23T20-23-28-4f2a' } }],
  listScenarios: [{}],
  playScenario: [
    { name: 'Tour', seed: null },
    { name: 'Test-1', seed: 4_294_967_295 },
    { name: 'Tour', seed: 7, again: true },
  ],
  playScenarioFile: [
    { file: 'tour.yaml', text: '', seed: null },
    { file: 'f'.repeat(LIMITS.fileNameLength), text: 't'.repeat(LIMITS.scenarioLength), seed: 0 },
  ],
  stopScenario: [{}],
  listRuns: [{}, { newest: 1 }],
  dataFolder: [{}],
  kill: [{ servers: ['S1'], signal: 'SIGKILL' }, { servers: ['S9', 'S2'], signal: 'SIGTERM' }, { servers: ['S3'] }],
  restart: [{ servers: ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9'] }],
  freeze: [{ servers: ['S1', 'S2'] }],
  resume: [{ servers: ['S1'] }],
  killInWrite: [{ servers: ['S2'] }],
  cutOff: [{ servers: ['S3'] }],
  partition: [{ groups: [] }, { groups: [['S1', 'S2'], ['S3']] }],
  cutClients: [{ servers: ['S1'] }],
  setLinks: [
    { links: ['S1>S2'], policy: { mode: 'cut' } },
    { links: ['S1>S2', 'S2>S1'], policy: LONG_REORDERING },
  ],
  setNetwork: [{ is: 'reliable' }, { is: 'unreliable' }, { is: 'long-reordering' }],
  heal: [{}, { fault: 'F1' }, { keepFrozen: true }],
  resetLinks: [{ links: ['S1>S2'] }],
  setKeepAlive: [{ on: true }],
  setRandomFaults: [
    { perMinute: 20, seed: null },
    { perMinute: 0.5, seed: 7 },
    { perMinute: 0, seed: null },
  ],
  setPace: [{ pace: 'real' }],
  setTiming: [{}, { electionTicks: 15, electionMaxTicks: 18 }, { hopTicks: 0.5, jitterTicks: 0.1, lossPercent: 12.5 }],
  submit: [
    { command: { op: 'get', key: 'x' } },
    { command: { op: 'set', key: 'x', value: '' } },
    { command: { op: 'append', key: '钥匙', value: '值' } },
    { command: { op: 'delete', key: 'k'.repeat(LIMITS.keyLength) } },
    { command: { op: 'cas', key: 'x', expected: null, value: 'v'.repeat(LIMITS.valueLength) } },
  ],
  startCommand: [{ server: 'S2', command: { op: 'set', key: 'x', value: '5' } }],
  serverState: [{ server: 'S1' }],
  stores: [{ limit: 1 }, { limit: LIMITS.storeItems, after: '' }],
  disk: [{ server: 'S1' }],
  process: [{ server: 'S1' }],
  events: [
    {},
    { fromUs: 0, toUs: 9.5, newest: true, limit: LIMITS.eventPage, names: ['VoteGranted'], sources: ['S1'], text: 'x' },
  ],
  commands: [{ limit: 100 }, { toUs: 0, limit: LIMITS.eventPage }],
  graphs: [{}],
  viewAt: [{ timeUs: 0 }],
  indexLife: [{ index: 1 }, { index: 1, toUs: 5 }],
  why: [{ seq: 1 }, { seq: 7, of: 'event' }],
};

const BAD: readonly (readonly [RequestName, unknown, RegExp])[] = [
  ['setLinks', { links: [], policy: { mode: 'cut' } }, /at least one link/],
  ['setLinks', { links: ['S1>S1'], policy: { mode: 'cut' } }, /links/],
  ['setLinks', { links: ['S1>S2', 'S1>S2'], policy: { mode: 'cut' } }, /twice/],
  ['setLinks', { links: ['S1>S2'], policy: { mode: 'shape' } }, /policy/],
  [
    'setLinks',
    {
      links: ['S1>S2'],
      policy: { mode: 'shape', requests: { ...PLAIN_SHAPE, lossPercent: 101 }, replies: PLAIN_SHAPE },
    },
    /policy/,
  ],
  ['setNetwork', {}, /is/],
  ['setNetwork', { is: 'lossy' }, /is/],
  ['ready', {}, /autoStart/],
  ['ready', null, /ready/],
  ['createRun', { servers: 0 }, /servers/],
  ['createRun', { servers: 10 }, /servers/],
  ['createRun', { servers: 2.5 }, /servers/],
  ['createRun', { pace: 'fast' }, /pace/],
  ['createRun', { flags: { quorumOf: 1 } }, /flags/],
  ['createRun', { seed: -1 }, /seed/],
  ['createRun', { dataFolder: '/' }, /dataFolder/],
  ['continueRun', {}, /runId/],
  ['openRun', { runId: '../other' }, /runId/],
  ['openRun', { runId: '' }, /runId/],
  ['deleteRun', { runId: '..' }, /runId/],
  ['labelRun', { runId: '2026-11-23T20-23-28-4f2a', title: 'two\nlines' }, /one line/],
  ['labelRun', { runId: '2026-11-23T20-23-28-4f2a', title: 'x'.repeat(121) }, /at most 120/],
  ['labelRun', { runId: '2026-11-23T20-23-28-4f2a', note: 'x'.repeat(4_001) }, /at most 4000/],
  ['keepRuns', { newest: -1 }, /newest/],
  ['openRun', { runId: 'a'.repeat(101) }, /runId/],
  ['listRuns', { newest: 0 }, /newest/],
  ['kill', { servers: ['S1'], signal: 'SIGSTOP' }, /signal/],
  ['kill', { servers: [], signal: 'SIGKILL' }, /at least one/],
  ['kill', { servers: ['S1', 'S1'], signal: 'SIGKILL' }, /twice/],
  ['kill', { servers: ['S0'], signal: 'SIGKILL' }, /S1 to S9/],
  ['kill', { servers: ['S10'], signal: 'SIGKILL' }, /S1 to S9/],
  ['kill', { servers: ['s1'], signal: 'SIGKILL' }, /S1 to S9/],
  ['kill', { servers: [4711], signal: 'SIGKILL' }, /servers/],
  ['kill', { servers: ['S1'], signal: 'SIGKILL', pid: 1 }, /pid/],
  ['restart', { servers: ['S1'], env: {} }, /env/],
  ['restart', { servers: 'S1' }, /servers/],
  ['cutOff', { servers: Array.from({ length: 10 }, (_, at) => `S${at + 1}`) }, /servers/],
  ['heal', { fault: 'F 1' }, /fault/],
  ['heal', { keepFrozen: 'S1' }, /keepFrozen/],
  ['setPace', { pace: 10 }, /pace/],
  ['setTiming', { electionTicks: 1 }, /electionTicks/],
  ['setTiming', { heartbeatTicks: 2.5 }, /heartbeatTicks/],
  ['setTiming', { lossPercent: 101 }, /lossPercent/],
  ['submit', { command: 'set x 5' }, /command/],
  ['submit', { command: { op: 'drop', key: 'x' } }, /op/],
  ['submit', { command: { op: 'set', key: '', value: '1' } }, /key/],
  ['submit', { command: { op: 'set', key: 'k'.repeat(257), value: '1' } }, /256/],
  ['submit', { command: { op: 'set', key: 'x', value: 'v'.repeat(65_537) } }, /64 KiB/],
  ['submit', { command: { op: 'set', key: 'x', value: 5 } }, /value/],
  ['submit', { command: { op: 'get', key: 'x', value: '1' } }, /value/],
  ['startCommand', { server: 'S1' }, /command/],
  ['serverState', { server: 'S1;rm' }, /server/],
  ['playScenario', { name: 'Tour', seed: 7, again: 'yes' }, /again/],
  [
    'playScenarioFile',
    { file: 'x.yaml', text: 't'.repeat(LIMITS.scenarioLength + 1), seed: null },
    /131072 characters/,
  ],
  ['playScenarioFile', { file: '', text: '', seed: null }, /file/],
  ['playScenarioFile', { file: 'x.yaml', text: '', seed: null, path: '/etc/passwd' }, /path/],
  ['stores', { limit: 0 }, /limit/],
  ['stores', { limit: 10_001 }, /limit/],
  ['stores', { limit: 1, after: 'k'.repeat(257) }, /after/],
  ['events', { limit: 1_001 }, /limit/],
  ['events', { text: 'x'.repeat(201) }, /text/],
  ['events', { fromUs: Number.NaN }, /fromUs/],
  ['viewAt', { timeUs: Number.POSITIVE_INFINITY }, /timeUs/],
  ['viewAt', { timeUs: -1 }, /timeUs/],
  ['indexLife', { index: 0 }, /index/],
];

describe('parseAsk', () => {
  test('parseAsk: every request of the table, valid → passes unchanged', () => {
    expect([...REQUEST_NAMES].sort()).toEqual(Object.keys(GOOD).sort());
    for (const name of REQUEST_NAMES) {
      for (const ask of GOOD[name]) expect([name, parseAsk(name, ask)]).toEqual([name, { ok: true, ask }]);
    }
  });

  test.each(BAD)('parseAsk: %s %j → refused, and the field is named', (name, ask, sentence) => {
    const parsed = parseAsk(name, ask);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.detail).toMatch(sentence);
  });

  test('parseAsk: unknown or inherited name → refused', () => {
    for (const name of ['', 'shutdown', 'toString', '__proto__', 'constructor']) {
      expect(isRequestName(name)).toBe(false);
      expect(parseAsk(name as RequestName, {})).toMatchObject({ ok: false });
    }
    expect(isRequestName(7)).toBe(false);
  });

  test('parseAsk: any value → accepted or one short line, never an exception', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REQUEST_NAMES), fc.anything({ withNullPrototype: true }), (name, ask) => {
        const parsed = parseAsk(name, ask);
        if (!parsed.ok) expect(parsed.detail).toMatch(/^[^\n]{1,400}$/);
      }),
      { numRuns: 500 },
    );
  });
});
