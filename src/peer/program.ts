/**
 * Runs the server from its orders to its end. The steps are hello, files, port and ready; ticks begin when the lab
 * sends `go`. This file only connects the parts and contains no Raft decision.
 */
import { defaultConfig, leaderOf, type Rules, restore } from '../core/raft/index.ts';
import { decodeServerRequest, type Json, type ServerRequest, type ServerSpec } from '../core/wire/index.ts';
import { createClock } from '../program/clock.ts';
import { type ControlAnswer, openControl } from '../program/control-client.ts';
import { createReporter } from '../program/reporter.ts';
import type { ProgramEnds, RunningProgram } from '../program/start-program.ts';
import { createTicks, type Ticks } from '../program/ticks.ts';
import type { Caller } from './calls.ts';
import { createClientEndpoint, MAX_REQUEST_LENGTH } from './client-endpoint.ts';
import { Driver, type DriverOptions } from './driver.ts';
import type { ServerReporter } from './events.ts';
import { createIncoming } from './incoming.ts';
import { createLinks } from './links.ts';
import { listen } from './listener.ts';

import { createStamps } from './stamps.ts';
import {
  announcedDisk,
  type DeadlyDisk,
  type Disk,
  deadlyDisk,
  type HeldFile,
  type Loaded,
  lowdbStorage,
  patientDisk,
  type RaftStorage,
  realDisk,
} from './storage/index.ts';
import { stateView, storeView, telemetry } from './views.ts';

const EVERY_SECOND_MS = 1_000;
/**
 * Heap limit, checked in the program because Node's own flag makes every start a sixth slower (V8 then rejects its code
 * cache).
 */
const MOST_HEAP_BYTES = 1_024 * 1_024 * 1_024;

/**
 * Starts the server; resolves when it is ready. After `stop` no more requests are answered, the tail is complete, and
 * the lab has the last events.
 *
 * @throws StorageDamaged | StorageFailed | the system's error when no port can be opened
 */
export async function runServer(spec: ServerSpec, { released, fail }: ProgramEnds): Promise<RunningProgram> {
  const held = heldFiles();
  const disk = patientDisk(realDisk(spec.folder), held.add);
  const deadly = deadlyDisk(disk, () => process.kill(process.pid, 'SIGKILL'));
  // Until the reporter exists, writes while loading the files cannot be announced.
  let announce = (): void => {};
  const storage = storageOf(
    spec,
    announcedDisk(deadly.disk, () => announce()),
  );
  // The connection opens while the files are read.
  const opening = openControl<ServerRequest>({
    program: 'server',
    from: spec.server,
    spec,
    decode: decodeServerRequest,
    onClosed: released,
    onFailure: fail,
  });
  const [control, loaded] = await Promise.all([opening, storage.load()]);
  const nowUs = createClock(spec.originNs);
  const { life } = spec;
  const reporter: ServerReporter = createReporter({
    life,
    nowUs,
    send: control.send,
    unsentBytes: control.unsentBytes,
  });
  held.reportTo(reporter);
  announce = () => reporter.flush(true);
  if (loaded.tornTail !== null) reporter.report({ event: 'TornTailCut', ...loaded.tornTail });

  const stamps = createStamps(spec, nowUs);
  const links = createLinks(spec, stamps);
  const wrong = spec.mutant === undefined ? {} : { rules: await rulesOf(spec.mutant) };
  const driver = startDriver({ spec, wrong, storage, loaded, reporter, send: links.send, onFailure: fail });
  const incoming = createIncoming((message, id) => driver.receive(message, id));
  const clients = createClientEndpoint({
    stamps,
    waiting: () => driver.waiting,
    currentTerm: () => driver.state.currentTerm,
    propose: (content, caller) => driver.propose(content, caller),
  });
  const ticks = createTicks({
    tickMs: spec.tickMs,
    onTick: () => driver.tick(),
    electionTicks: spec.electionTicks,
    onLate: (lateMs, missed) => reporter.report({ event: 'TicksLate', lateMs, missed }),
  });
  const listener = await listen(spec, { onLink: incoming.accept, onClient: clients.accept, onFailure: fail });
  const second = setInterval(() => {
    const counters = telemetry(driver.state, ticks.counts(), driver.writes);
    control.tell({ type: 'telemetry', telemetry: counters });
    if (counters.heapBytes > MOST_HEAP_BYTES) fail(new Error(`its heap is above ${MOST_HEAP_BYTES} bytes`));
    driver.maintain();
  }, EVERY_SECOND_MS);
  control.onRequest((request, answer) => handle({ driver, ticks, deadly, reporter }, request, answer));
  control.tell({ type: 'ready', port: listener.port });

  return {
    async stop() {
      clearInterval(second);
      ticks.stop();
      void listener.close();
      await driver.stop();
      links.close();
      await control.close();
    },
  };
}

/** Collects the held files that are met before the reporter exists, and reports them later. */
function heldFiles(): {
  readonly add: (held: HeldFile) => void;
  readonly reportTo: (reporter: ServerReporter) => void;
} {
  let report = (held: HeldFile): void => void early.push(held);
  const early: HeldFile[] = [];
  return {
    add: (held) => report(held),
    reportTo: (reporter) => {
      report = (held) => reporter.report({ event: 'FileWasHeld', ...held });
      for (const held of early) report(held);
    },
  };
}

function storageOf({ runId, server, durability, mustExist }: ServerSpec, disk: Disk): RaftStorage {
  return lowdbStorage({ runId, server, disk, isDurable: durability === 'fsync', mustExist });
}

interface DriverParts {
  readonly spec: ServerSpec;
  readonly wrong: { readonly rules?: Rules };
  readonly storage: RaftStorage;
  readonly loaded: Loaded;
  readonly reporter: ServerReporter;
  readonly send: DriverOptions['send'];
  readonly onFailure: (error: unknown) => void;
}

function startDriver({ spec, wrong, loaded, ...parts }: DriverParts): Driver {
  const { server, servers, flags, electionTicks, electionMaxTicks, heartbeatTicks, seed } = spec;
  const longest = electionMaxTicks === undefined ? {} : { electionMaxTicks };
  const timing = { electionTicks, ...longest, heartbeatTicks };
  const config = defaultConfig({ id: server, voters: servers, flags, ...timing, ...wrong });
  const restored = restore(config, loaded.isFirstStart ? null : loaded.state, seed);
  return new Driver({ config, restored, ...parts });
}

/**
 * Returns the rules of a mutant. The module is imported only for a mutant, because it makes a server's start a quarter
 * slower.
 *
 * @throws Error for an unknown mutant, because running the right rules under its name would mislead
 */
async function rulesOf(id: string): Promise<Rules> {
  const { findMutant, rulesWith } = await import('../core/mutants/index.ts');
  const mutant = findMutant(id);
  if (mutant === undefined) throw new Error(`there is no mutant ${id}`);
  return rulesWith(mutant);
}

interface Asked {
  readonly driver: Driver;
  readonly ticks: Ticks;
  readonly deadly: DeadlyDisk;
  readonly reporter: ServerReporter;
}

/** Handles the lab's requests to a server that is ready. */
function handle(
  { driver, ticks, deadly, reporter }: Asked,
  request: ServerRequest,
  answer: (answer: ControlAnswer) => void,
): void {
  const say = (value: Json): void => answer({ ok: true, value });
  switch (request.type) {
    case 'go':
      reporter.report({ event: 'TicksBegan' });
      // The driver may have no turn before the first tick, so the event is sent here.
      reporter.flush();
      ticks.start();
      say(null);
      break;
    case 'pace':
      ticks.setTickMs(request.tickMs);
      say(null);
      break;
    case 'timing':
      driver.setTiming(request);
      ticks.setElectionTicks(request.electionTicks);
      say(null);
      break;
    case 'start': {
      const { command } = request;
      if (JSON.stringify(command).length > MAX_REQUEST_LENGTH) {
        answer({ ok: false, reason: 'too-long' });
        break;
      }
      driver.propose({ type: 'command', session: null, sequence: null, command }, starter(driver, answer));
      break;
    }
    case 'die-in-write':
      deadly.dieInNextWrite();
      say(null);
      break;
    case 'state':
      say({ ...stateView(driver.state, driver.machine) });
      break;
    case 'store':
      say({ ...storeView(driver.machine, request) });
      break;
  }
}

/** Answers a Start request as soon as the command is in the log; nothing is promised about its outcome. */
function starter(driver: Driver, answer: (answer: ControlAnswer) => void): Caller {
  return {
    accepted(index, term) {
      answer({ ok: true, value: { index, term, isLeader: true, leaderId: leaderOf(driver.state) } });
      return true;
    },
    done(outcome) {
      if (outcome.type !== 'rejected') return;
      const { reason, term, leaderId } = outcome;
      if (reason === 'busy') answer({ ok: false, reason });
      else answer({ ok: true, value: { index: null, term, isLeader: false, leaderId } });
    },
  };
}
