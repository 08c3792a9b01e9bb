/**
 * `npm run simulate` (`out/main/simulate.js`): runs a number of seeds on all cores, each a whole cluster in one thread. A
 * failure is printed in its smallest form, with its last events and one command that repeats it.
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { rightRules } from '../core/mutants/index.ts';
import {
  type BranchCounts,
  countedRules,
  drawOptions,
  type FaultName,
  faultsOf,
  type SimulationResult,
  shrink,
  simulate,
  withOnly,
} from '../core/simulation/index.ts';
import { dataFolders, keepTrace, type TraceEvent, thisMachine } from '../lab/index.ts';
import { noteLine, printLine } from './console.ts';
import { boundsOf, searchEveryOrder } from './every-order.ts';
import { onAllCores, serveBatches } from './many-seeds.ts';
import { program } from './program.ts';
import { exitCodeOf, reportOf, textOf } from './simulation-report.ts';

const USAGE = `npm run simulate -- [--seeds N] [--from S] [--steps M] [--seed S] [--only FAULT,…] [--record] [--json]
npm run simulate -- --every-order NAME=N,… [--json]

  --seeds N     how many (default 300)
  --from S      the first of them (default 0)
  --steps M     of each before the calm (default 5000)
  --seed S      this one alone
  --only F,G    only these kinds of faults, as a failure's command names them
  --record      keep the trace of the one seed among the recordings: it opens in the dashboard like a real run
  --every-order elections=2,proposals=1,duplicates=1,heartbeats=0,restarts=0,servers=3
                no seeds but all orders in which so much can happen; what is not named happens never, losses always may
  --json        the report as one JSON object

Exit code 0: every promise kept; 1: one is broken; 2: the command line; 3: it could not be done; 4: none is broken, but of 80
seeds or more none met some fault or branch of a rule.`;
const LAST_EVENTS = 50;

interface Job {
  readonly steps: number;
  readonly only: readonly FaultName[] | null;
}

interface Found {
  readonly results: readonly SimulationResult[];
  readonly branches: BranchCounts;
}

if (isMainThread) process.exitCode = await program(process.argv.slice(2), USAGE, askedFor, simulateAll);
else serveBatches(run);

function run({ steps, only }: Job, first: number, seeds: number): Found {
  const branches: BranchCounts = {};
  const rules = countedRules(rightRules, branches);
  const results = Array.from({ length: seeds }, (_, at) =>
    simulate({ seed: first + at, steps, rules, options: optionsFor(first + at, only) }),
  );
  return { results, branches };
}

function optionsFor(seed: number, only: readonly FaultName[] | null) {
  const drawn = drawOptions(seed);
  return only === null ? drawn : { ...drawn, faults: withOnly(drawn.faults, only) };
}

async function simulateAll(asked: Asked): Promise<number> {
  const { first, seeds, json, record, job, bounds } = asked;
  if (bounds !== null) return searchEveryOrder(bounds, json);
  if (record) noteLine(`recorded as ${await keep(first, job)}`);
  const began = performance.now();
  const results: SimulationResult[] = [];
  const branches: BranchCounts = {};
  await onAllCores<Job, Found>({
    ...{ entry: import.meta.filename, job, first, seeds },
    onBatch: (found) => {
      results.push(...found.results);
      for (const [key, count] of Object.entries(found.branches)) branches[key] = (branches[key] ?? 0) + count;
    },
  });
  results.sort((a, b) => a.seed - b.seed);
  const report = reportOf(results, branches, (performance.now() - began) / 1000);
  printLine(json ? JSON.stringify(report) : textOf(report));
  const [broken] = report.violations;
  if (broken !== undefined) explain(broken, job);
  return exitCodeOf(report);
}

type Asked = ReturnType<typeof askedFor>;

/** @throws Error with a sentence */
function askedFor(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    seeds: text,
    from: text,
    steps: text,
    seed: text,
    only: text,
    json: flag,
    record: flag,
    'every-order': text,
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const steps = wholeNumber('--steps', values.steps ?? '5000');
  const only = values.only === undefined ? null : (values.only.split(',').filter((one) => one !== '') as FaultName[]);
  const known = Object.keys(drawOptions(0).faults);
  const stranger = only?.find((one) => !known.includes(one));
  if (stranger !== undefined) throw new Error(`${stranger} is no fault. There are: ${known.join(', ')}.`);
  const { json, record } = values;
  const order = values['every-order'];
  const bounds = order === undefined ? null : boundsOf(order);
  const rest = { json, record, bounds, job: { steps, only } };
  if (values.seed !== undefined) {
    if (values.from !== undefined) throw new Error('--seed names one seed, --from the first of many: not both.');
    return { first: wholeNumber('--seed', values.seed), seeds: 1, ...rest };
  }
  if (record) throw new Error('--record keeps one run: name its seed with --seed.');
  const first = wholeNumber('--from', values.from ?? '0');
  return { first, seeds: wholeNumber('--seeds', values.seeds ?? '300'), ...rest };
}

/** @returns the run's name */
async function keep(seed: number, { steps, only }: Job): Promise<string> {
  const events: TraceEvent[] = [];
  simulate({ seed, steps, options: optionsFor(seed, only), onEvent: (event) => events.push(event) });
  const [first] = events;
  if (first?.event !== 'RunStarted') throw new Error('a trace begins with its settings');
  const { folder } = dataFolders(thisMachine());
  return await keepTrace(folder, first.settings, events);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} ${text} is not a whole number from 0 to 999999999.`);
  return Number(text);
}

/** The first failure in its smallest form, with the command that repeats it and its last events, on stderr. */
function explain(result: SimulationResult, { steps, only }: Job): void {
  const options = optionsFor(result.seed, only);
  const small = shrink({ seed: result.seed, steps, options }, result);
  const kinds = faultsOf(small.options.faults).join(',');
  noteLine(`\n${small.result.broken?.sentence}`);
  noteLine(`step ${small.result.broken?.step}; repeat with:`);
  noteLine(`npm run simulate -- --seed ${result.seed} --steps ${steps} --only ${kinds === '' ? '""' : kinds}`);
  const last: string[] = [];
  simulate({
    ...{ seed: result.seed, steps, options: { ...small.options, clients: options.clients } },
    onEvent: (event) => {
      last.push(JSON.stringify(event));
      if (last.length > LAST_EVENTS) last.shift();
    },
  });
  noteLine(last.join('\n'));
}
