/**
 * The parts of `npm run test:long`, one row each. A part is a list of units. The results of finished units are stored,
 * so stopping a part loses at most the running unit. To add a part, add a row.
 */

/**
 * @typedef {object} Unit
 * @property {string} name  unique within its part
 * @property {readonly string[]} command  a script of this folder and its arguments; exit code 0 means passed
 * @property {Record<string, string>} [env]  variables added to the command's
 * @property {boolean} [records]  true when it records runs; their folder is kept when the unit fails
 * @property {string} repeat  command that runs this unit alone
 *
 * @typedef {object} Part
 * @property {string} name  argument of `npm run test:long --`
 * @property {string} what  one line for the list
 * @property {boolean} [readsTests]  true when it runs test files; after a change of a test it then begins again
 * @property {(seed: number) => readonly Unit[]} units  returns its units for the seed that is drawn when the part begins
 */

/** @type {readonly Part[]} */
export const PARTS = [
  {
    name: 'simulate',
    what: '2,000 simulated clusters of 20,000 steps each',
    // A hundred seeds reach every kind of fault and every branch; the program checks that too.
    units: () =>
      range(20).map((at) =>
        program('simulate', `seeds from ${at * 100} on`, ['--from', at * 100, '--seeds', 100, '--steps', 20_000]),
      ),
  },
  {
    name: 'every-order',
    what: 'every order of messages, within larger bounds than npm test has',
    units: () =>
      [
        'elections=2,proposals=1,duplicates=1,restarts=1',
        'elections=2,proposals=1,heartbeats=1,restarts=1',
        'elections=2,proposals=1,duplicates=1,heartbeats=1',
        'elections=2,proposals=2,duplicates=1',
      ].map((bounds) => program('simulate', bounds, ['--every-order', bounds])),
  },
  {
    name: 'mutants',
    what: 'every wrong rule is searched for again, and the right rules are clean on the same seeds',
    units: () => [program('mutants', 'all', [])],
  },
  {
    name: 'live-mutants',
    what: 'twelve wrong rules on real servers, and the right ones: scenario, check and dashboard say the same',
    readsTests: true,
    units: () =>
      ['right rules', 'election', 'replication', 'storage and restore', 'session and client'].map((kind) =>
        longTest('live-mutants', kind),
      ),
  },
  {
    name: 'course',
    what: 'the 17 course tests ten times, and three times with PreVote and CheckQuorum',
    units: () => [
      ...range(10).map((at) => program('seed-tests', `run ${at + 1}`, [])),
      ...range(3).map((at) =>
        program('seed-tests', `with extensions, run ${at + 1}`, ['--flags', 'preVote,checkQuorum']),
      ),
    ],
  },
  {
    name: 'nemesis',
    what: 'random faults for ten minutes, three times, judged by the answers that clients got',
    units: (seed) =>
      seedsFrom(seed, 3).map((one) => ({
        name: `seed ${one}`,
        command: ['lab.mjs', 'scenario', 'run', 'NemesisLong', '--seed', String(one)],
        repeat: `npm run -s lab -- scenario run NemesisLong --seed ${one}`,
        records: true,
      })),
  },
  {
    name: 'soak',
    what: 'ten minutes of kills, freezes and broken links under load, twice, and thirty past 2,000 terms; all files are judged',
    units: (seed) => [
      ...seedsFrom(seed, 2).map((one) => program('soak', `seed ${one}`, ['--minutes', 10, '--seed', one])),
      // Each round adds three terms, so 30 minutes reach 2,000 terms; a very busy machine takes longer.
      program('soak', `seed ${seed + 2}, 30 minutes`, [
        '--minutes',
        30,
        '--terms',
        2_000,
        '--depose',
        3,
        '--seed',
        seed + 2,
      ]),
    ],
  },
  {
    name: 'orphans',
    what: 'the fifty moments at which a lab is killed, drawn ten times more, with sixteen writers in each lab',
    readsTests: true,
    units: (seed) =>
      testsWithSeeds('test/lab/orphans.process.test.ts', seed, { count: 10, more: { RAFT_LAB_TEST_WRITERS: '16' } }),
  },
  {
    name: 'kills',
    what: 'thirty SIGKILLs under load, drawn twenty times more, and all five servers killed at once in every setting',
    readsTests: true,
    units: (seed) => [
      ...testsWithSeeds('test/cluster/kill-thirty.process.test.ts', seed, { count: 20 }),
      processTest('test/cluster/hard-times.process.test.ts', 'all five at once', { RAFT_LAB_TEST_EVERY_SETTING: '1' }),
    ],
  },
  {
    name: 'refusals',
    what: '450 more command lines and requests that make no sense: each ends in a sentence, and nothing is done',
    readsTests: true,
    units: (seed) => testsWithSeeds('test/cli/refusals.process.test.ts', seed, { count: 9 }),
  },
  {
    name: 'strangers',
    what: '400 more scenarios and histories of strangers and 750 recordings: each ends in a sentence, in bounded time and memory',
    readsTests: true,
    units: (seed) => testsWithSeeds('test/cli/strangers.process.test.ts', seed, { count: 25 }),
  },
  {
    name: 'layout',
    what: 'the dashboard at every pair of width, zoom, servers, term, value, state and language: nothing is cut, over or off',
    readsTests: true,
    units: () => [
      {
        name: 'all rows',
        command: ['test.mjs', 'e2e', 'test/e2e/layout-sweep.test.ts'],
        env: { RAFT_LAB_TEST_ROWS: '99' },
        repeat: 'RAFT_LAB_TEST_ROWS=99 npm test -- e2e test/e2e/layout-sweep.test.ts',
      },
    ],
  },
  {
    name: 'five-minutes',
    what: "README's five minutes at classroom pace: each sentence is readable for 2.5 s, in both languages",
    readsTests: true,
    units: () => ['en', 'zh-CN'].map((language) => longTest('five-minutes', `in ${language}`)),
  },
  {
    name: 'cold-start',
    what: 'ten cold starts of three servers with 100,000 entries, at most two elections in each',
    readsTests: true,
    units: () => [longTest('cold-start')],
  },
  {
    name: 'leaders',
    what: 'thirty SIGKILLs of leaders under 64 clients; every acknowledged write is in all files once',
    readsTests: true,
    units: () => [longTest('kill-leaders')],
  },
  {
    name: 'judges',
    what: 'what the judges cost and keep, up to a day of 40 million events with commands of 60 KB',
    readsTests: true,
    units: () => [longTest('judges')],
  },
  {
    name: 'big-recording',
    what: 'a recording of a million events: opened with its index and without one, and at fifty moments',
    readsTests: true,
    units: () => [longTest('big-recording')],
  },
  {
    name: 'heavy-load',
    what: 'nine servers, 256 clients and kills for three minutes: memory flat and small, an orderly end, the rest judged later',
    readsTests: true,
    units: () => [longTest('heavy-load')],
  },
  {
    name: 'package',
    what: 'the packages up to the binary of Electron: archive, fuses, desktop file, a deb installed, workflows linted',
    readsTests: true,
    units: () => [longTest('package'), longTest('workflows')],
  },
  {
    name: 'order',
    what: 'npm test three times, the files in another order each time',
    readsTests: true,
    units: (seed) =>
      seedsFrom(seed % 1e9, 3).map((one) => ({
        name: `order ${one}`,
        command: ['test.mjs', '--seed', String(one)],
        repeat: `npm test -- --seed ${one}`,
      })),
  },
];

/**
 * @param {string} name
 * @param {string} unit
 * @param {readonly (string | number)[]} args
 * @returns {Unit} one call of a command of the terminal program; the npm script has the same name
 */
function program(name, unit, args) {
  const words = args.map(String);
  const repeat = ['npm run', name, ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  return { name: unit, command: ['lab.mjs', name, ...words], repeat };
}

/**
 * @param {string} file
 * @param {number} seed
 * @param {{ count: number, more?: Record<string, string> }} how  `more`: further environment variables
 * @returns {readonly Unit[]} `count` units that run this test file, each with its own seed
 */
function testsWithSeeds(file, seed, { count, more = {} }) {
  return seedsFrom(seed, count).map((one) =>
    processTest(file, `seed ${one}`, { RAFT_LAB_TEST_SEED: String(one), ...more }),
  );
}

/**
 * @param {string} file
 * @param {string} name
 * @param {Record<string, string>} env
 * @returns {Unit} a file of `npm test`, run with these variables
 */
function processTest(file, name, env) {
  const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return {
    name,
    command: ['test.mjs', 'process', file],
    env,
    repeat: `${variables.join(' ')} npm test -- process ${file}`,
  };
}

/**
 * @param {string} name
 * @param {string | null} [only]
 * @returns {Unit} a file of test/long, or its tests whose title contains `only`
 */
function longTest(name, only = null) {
  const file = ['run', '--config', 'test/vitest.config.ts', '--project', 'long*', `test/long/${name}.test.ts`];
  const args = only === null ? file : [...file, '-t', only];
  const repeat = ['npx vitest', ...file, ...(only === null ? [] : ['-t', `'${only}'`])].join(' ');
  return { name: only ?? name, command: ['../node_modules/vitest/vitest.mjs', ...args], repeat };
}

/** @param {number} count */
function range(count) {
  return Array.from({ length: count }, (_, at) => at);
}

/** @param {number} seed @param {number} count */
function seedsFrom(seed, count) {
  return range(count).map((at) => (seed + at) % 1e9);
}
