/**
 * The parts of `npm run test:long`, one row each. A part is a list of units; what is finished of it is kept, so a unit
 * is as long as one may lose when the part is stopped. A new part is one more row.
 */

/**
 * @typedef {object} Unit
 * @property {string} name  unique within its part
 * @property {readonly string[]} command  a script of this folder and its arguments; exit code 0 means passed
 * @property {Record<string, string>} [env]  variables added to the command's
 * @property {boolean} [records]  true when it records runs: they go into a folder that is kept when it fails
 * @property {string} repeat  what a person types to run this unit alone
 *
 * @typedef {object} Part
 * @property {string} name  what follows `npm run test:long --`
 * @property {string} what  one line for the list
 * @property {boolean} [readsTests]  true when it runs test files: a changed test then begins it anew
 * @property {(seed: number) => readonly Unit[]} units  its units, for a seed drawn when the part begins
 */

/** @type {readonly Part[]} */
export const PARTS = [
  {
    name: 'simulate',
    what: '2,000 simulated clusters of 20,000 steps each',
    // A hundred seeds meet every fault and every branch, which the program checks as well.
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
    what: 'random faults for ten minutes, three times, judged by what clients were told',
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
    what: 'ten minutes of kills, freezes and broken links under load, three times; all files are judged',
    units: (seed) => seedsFrom(seed, 3).map((one) => program('soak', `seed ${one}`, ['--minutes', 10, '--seed', one])),
  },
  {
    name: 'orphans',
    what: 'the fifty moments at which a lab is killed, drawn ten times more',
    readsTests: true,
    units: (seed) => testsWithSeeds('test/lab/orphans.process.test.ts', seed, 10),
  },
  {
    name: 'kills',
    what: 'thirty SIGKILLs under load, drawn twenty times more',
    readsTests: true,
    units: (seed) => testsWithSeeds('test/lab/kill-thirty.process.test.ts', seed, 20),
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

/** @returns {Unit} one run of a built program that has an npm script of its name */
function program(name, unit, args) {
  const words = args.map(String);
  const repeat = ['npm run', name, ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
  return { name: unit, command: ['run.mjs', name, ...words], repeat };
}

/** @returns {readonly Unit[]} a test file with seeds of its own */
function testsWithSeeds(file, seed, count) {
  return seedsFrom(seed, count).map((one) => ({
    name: `seed ${one}`,
    command: ['test.mjs', 'process', file],
    env: { RAFT_LAB_TEST_SEED: String(one) },
    repeat: `RAFT_LAB_TEST_SEED=${one} npm test -- process ${file}`,
  }));
}

function range(count) {
  return Array.from({ length: count }, (_, at) => at);
}

function seedsFrom(seed, count) {
  return range(count).map((at) => (seed + at) % 1e9);
}
