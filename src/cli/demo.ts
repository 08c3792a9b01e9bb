/**
 * `raft-lab demo`: the whole tour without a screen. Real processes elect, take commands, are killed with -9, frozen
 * and cut off, come back, and in the end their files are read: every acknowledged command is there once, all logs
 * are equal, and no process is left. Each step says what was done to which server and what was verified.
 */
import {
  type ClusterView,
  FileJudge,
  isCaughtUp,
  type Lab,
  LabWatch,
  startTimeOf,
  type Written,
} from '../lab/index.ts';
import { EXIT } from './commands.ts';
import { asked, serverFolderOf, type Terminal, withLab } from './terminal.ts';
import type { SentenceKey } from './words.ts';

/** One step as `--json` tells it. */
export interface DemoStep {
  readonly step: string;
  /** In words, in the terminal's language. */
  readonly what: string;
  readonly server: string | null;
  readonly signal: string | null;
  readonly pid: number | null;
  /** What was looked at, and what was seen; in words. */
  readonly verified: string;
  readonly ms: number;
}

export interface DemoReport {
  readonly ok: boolean;
  readonly runId: string;
  readonly seconds: number;
  readonly steps: readonly DemoStep[];
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unequal: number;
  /** Pids of the run that were still there after the end. */
  readonly processesLeft: readonly number[];
  readonly problems: readonly string[];
}

const WRITES = 10;

/** Runs it. Exit code 0 when all that was promised was seen. */
export async function demo(terminal: Terminal, { json }: { readonly json: boolean }): Promise<number> {
  let tour: Tour | null = null;
  const began = performance.now();
  const code = await withLab(terminal, async (lab) => {
    tour = new Tour(terminal, lab, json);
    return await tour.walk();
  });
  const walked = tour as Tour | null;
  if (walked === null || code === EXIT.interrupted) return code;
  const report = walked.report(Math.round(performance.now() - began) / 1000);
  if (json) terminal.print(JSON.stringify(report));
  else terminal.note(terminal.say(report.ok ? 'demoGood' : 'demoBad', { seconds: report.seconds, run: report.runId }));
  return report.ok ? EXIT.ok : EXIT.failed;
}

class Tour {
  readonly #terminal: Terminal;
  readonly #lab: Lab;
  readonly #watch: LabWatch;
  readonly #json: boolean;
  readonly #judge = new FileJudge();
  readonly #written: Written[] = [];
  readonly #steps: DemoStep[] = [];
  readonly #pids = new Map<number, string>();
  readonly #problems: string[] = [];
  #runId = '';
  #stepBegan = performance.now();

  constructor(terminal: Terminal, lab: Lab, json: boolean) {
    this.#terminal = terminal;
    this.#lab = lab;
    this.#json = json;
    this.#watch = new LabWatch(lab);
  }

  async walk(): Promise<number> {
    try {
      const mode = await asked(this.#lab, 'createRun', { servers: 5, pace: 'real' });
      if (mode.mode !== 'live') throw new Error(`the run is ${mode.mode}`);
      this.#runId = mode.runId;
      await this.#elect();
      await this.#write(WRITES);
      this.#told('submit', { what: { count: WRITES }, seen: { index: this.#written.at(-1)?.index ?? 0 } });
      await this.#killAndRecover();
      await this.#freezeAndResume();
      await this.#partitionAndHeal();
      await this.#verify();
    } catch (problem) {
      this.#problems.push((problem as Error).message);
      this.#terminal.note((problem as Error).message);
    }
    this.#watch.stop();
    return EXIT.ok;
  }

  report(seconds: number): DemoReport {
    const { lost, doubled, unequal, problems } = this.#judge.findings();
    const processesLeft = [...this.#pids].filter(([pid, since]) => startTimeOf(pid) === since).map(([pid]) => pid);
    const all = [...this.#problems, ...problems];
    return {
      ok: all.length === 0 && processesLeft.length === 0 && this.#steps.at(-1)?.step === 'verify',
      ...{ runId: this.#runId, seconds, steps: this.#steps },
      acknowledged: this.#written.filter(({ index }) => index !== null).length,
      ...{ lost, doubled, unequal, processesLeft, problems: all },
    };
  }

  get #view(): ClusterView {
    return this.#watch.view;
  }

  get #servers(): readonly string[] {
    return this.#view.settings?.servers ?? [];
  }

  async #elect(): Promise<void> {
    const leader = await this.#leaderOtherThan('');
    await this.#watch.until('five servers', ({ servers }) => Object.values(servers).every((one) => one.pid !== null));
    const { events } = await asked(this.#lab, 'events', { names: ['NetworkSpawned'] });
    for (const event of events) if (event.event === 'NetworkSpawned') this.#remember(event.pid);
    this.#rememberPids();
    this.#told('elect', { server: leader, seen: { server: leader, term: this.#view.leader?.term ?? 0 } });
  }

  async #killAndRecover(): Promise<void> {
    const victim = await this.#leaderOtherThan('');
    const [killed] = await asked(this.#lab, 'kill', { servers: [victim], signal: 'SIGKILL' });
    await this.#watch.until(`${victim} is gone`, ({ servers }) => servers[victim]?.pid === null);
    const next = await this.#leaderOtherThan(victim);
    const done = { server: victim, signal: 'SIGKILL', pid: killed?.pid ?? null };
    this.#told('kill', { ...done, seen: { server: next, term: this.#view.leader?.term ?? 0 } });
    await this.#write(WRITES);
    await asked(this.#lab, 'restart', { servers: [victim] });
    await this.#watch.until(`${victim} caught up`, (view) => isCaughtUp(view, victim));
    this.#rememberPids();
    const { lastIndex = 0, life = 0 } = this.#view.servers[victim] ?? {};
    this.#told('recover', { server: victim, seen: { server: victim, index: lastIndex, life } });
  }

  async #freezeAndResume(): Promise<void> {
    if (process.platform === 'win32') return;
    const frozen = await this.#leaderOtherThan('');
    const [stopped] = await asked(this.#lab, 'freeze', { servers: [frozen] });
    const next = await this.#leaderOtherThan(frozen);
    await this.#write(WRITES);
    const done = { server: frozen, pid: stopped?.pid ?? null };
    this.#told('freeze', { ...done, signal: 'SIGSTOP', seen: { server: next, term: this.#view.leader?.term ?? 0 } });
    await asked(this.#lab, 'resume', { servers: [frozen] });
    await this.#watch.until(`${frozen} caught up`, (view) => isCaughtUp(view, frozen));
    const { role = '' } = this.#view.servers[frozen] ?? {};
    this.#told('resume', { ...done, signal: 'SIGCONT', seen: { server: frozen, role: role ?? '' } });
  }

  async #partitionAndHeal(): Promise<void> {
    const old = await this.#leaderOtherThan('');
    const mate = this.#servers.find((id) => id !== old) ?? '';
    await asked(this.#lab, 'cut', { servers: [old, mate] });
    const lost = await asked(this.#lab, 'start', { server: old, command: { op: 'set', key: 'lost', value: '1' } });
    const next = await this.#leaderOtherThan(old, mate);
    await this.#write(WRITES);
    const isLost = (this.#view.servers[old]?.commitIndex ?? 0) < (lost.index ?? 0);
    if (!isLost) this.#problems.push(`${old} committed without a majority`);
    this.#told('partition', { what: { servers: `${old}, ${mate}` }, server: old, seen: { server: next, old } });
    await asked(this.#lab, 'heal', { fault: null });
    await this.#write(1);
    await this.#watch.until('equal logs', (view) => this.#servers.every((id) => isCaughtUp(view, id)));
    this.#told('heal', { what: { servers: `${old}, ${mate}` }, seen: { index: this.#view.commitIndex } });
  }

  /** From the files alone: the lab's reader and a replay of its own. */
  async #verify(): Promise<void> {
    await this.#watch.until('everything applied', ({ servers, commitIndex }) =>
      this.#servers.every(
        (id) => servers[id]?.durableIndex === commitIndex && servers[id]?.lastApplied === commitIndex,
      ),
    );
    const folders = this.#servers.map((id) => [id, serverFolderOf(this.#terminal, this.#runId, id)] as const);
    const answered = await asked(this.#lab, 'stores', { limit: 1_000 });
    const stores = this.#servers.map((id) => [id, answered[id]?.items ?? []] as const);
    await this.#judge.lookAtAll({
      folders: Object.fromEntries(folders),
      stores: Object.fromEntries(stores),
      written: this.#written,
    });
    // What does not fit is told by the report; only what was seen is a step.
    if (this.#judge.findings().problems.length > 0) return;
    const count = this.#written.filter(({ index }) => index !== null).length;
    this.#told('verify', { seen: { entries: this.#judge.entries, count } });
  }

  async #write(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      const token = `${this.#written.length + 1};`;
      const answer = await asked(this.#lab, 'submit', { command: { op: 'append', key: 'tour', value: token } });
      if (answer.outcome === 'refused') throw new Error(`a command was refused: ${answer.reason}`);
      this.#written.push({ token, key: 'tour', index: answer.outcome === 'done' ? answer.index : null });
    }
  }

  async #leaderOtherThan(...others: readonly string[]): Promise<string> {
    const isNew = ({ leader }: ClusterView): boolean => leader !== null && !others.includes(leader.server);
    const view = await this.#watch.until('a leader', isNew);
    return view.leader?.server ?? '';
  }

  #rememberPids(): void {
    for (const { pid } of Object.values(this.#view.servers)) if (pid !== null) this.#remember(pid);
  }

  #remember(pid: number): void {
    const since = startTimeOf(pid);
    if (since !== null) this.#pids.set(pid, since);
  }

  #told(
    step: string,
    told: {
      readonly what?: Readonly<Record<string, string | number>>;
      readonly seen: Readonly<Record<string, string | number>>;
      readonly server?: string;
      readonly signal?: string;
      readonly pid?: number | null;
    },
  ): void {
    const { say, note } = this.#terminal;
    const { server = null, signal = null, pid = null } = told;
    const what = say(`step-${step}` as SentenceKey, { server: server ?? '', pid: pid ?? '', ...told.what });
    const verified = say(`seen-${step}` as SentenceKey, told.seen);
    const ms = Math.round(performance.now() - this.#stepBegan);
    this.#stepBegan = performance.now();
    this.#steps.push({ step, what, server, signal, pid, verified, ms });
    if (!this.#json) note(`✓ ${what} ${verified} (${ms} ms)`);
  }
}
