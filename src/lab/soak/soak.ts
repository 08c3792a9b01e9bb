/**
 * The soak: clients write while servers are killed with -9, frozen, cut, delayed and made to lose and duplicate
 * messages, round after round; after every recovery the files are read and judged, and at the end everything again.
 * Every draw comes from one seed. It acts through the lab as any door does. Flow: cli → here → lab.
 */
import type { Answer, RequestName, Requests, RunChoice } from '../../core/lab-api/index.ts';
import { type ClusterView, isRecovered } from '../../core/trace/index.ts';
import { type Chance, createChance } from '../../core/wire/index.ts';
import { drawAct, type NemesisAct } from '../run/nemesis-plan.ts';
import type { Lab } from '../types.ts';
import { LabWatch } from '../watch.ts';
import { Crowd } from './crowd.ts';
import { FileJudge, type Findings } from './file-judge.ts';

/** How long and how hard. It ends when both are reached, or at the first thing that is wrong. */
export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** SIGKILLs. */
  readonly kills: number;
  readonly folderOf: (runId: string, server: string) => string;
  /** After each round. */
  readonly onRound: (report: SoakReport) => void;
  /** True: end after this round. */
  readonly isCalledOff: () => boolean;
}

/** What was done and what was found. Times are milliseconds. */
export interface SoakReport extends Findings {
  readonly ok: boolean;
  readonly seed: number;
  readonly runId: string;
  readonly preset: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly kills: number;
  readonly leaderKills: number;
  readonly freezes: number;
  /** Groups cut off, and single servers in one direction. */
  readonly cuts: number;
  readonly delays: number;
  readonly losses: number;
  readonly duplicates: number;
  readonly messages: number;
  readonly dropped: number;
  readonly elections: number;
  readonly entries: number;
  readonly acknowledged: number;
  readonly unknown: number;
  /** Fewest unanswered commands at a kill, and fewest acknowledged writes between two. */
  readonly leastInFlight: number;
  readonly leastBetweenKills: number;
  readonly medianRecoveryMs: number;
  readonly worstRecoveryMs: number;
}

const CLIENTS = 8;
const PAUSE_MS = 120;
/** At each kill at least so many commands are unanswered (issue: 5), and so many were acknowledged since the last (20). */
const AT_A_KILL = { inFlight: 5, acknowledged: 20, burst: 8 } as const;
/** A leader is the target of so many kills. */
const LEADER_SHARE = 0.65;
/** A round freezes another server, or breaks links, this often. */
const FREEZE_SHARE = 0.6;
const LINK_SHARE = 0.6;
/** Between the acts of a round, and before they are undone. */
const STEP_MS = 150;
const HOLD_MS = 700;
const RECOVERY_WITHIN_MS = 30_000;

type Counts = { -readonly [Name in CountName]: number };
type CountName = 'rounds' | 'kills' | 'leaderKills' | 'freezes' | 'cuts' | 'delays' | 'losses' | 'duplicates';
const COUNTED: Readonly<Partial<Record<NemesisAct['kind'], CountName>>> = {
  cut: 'cuts',
  'one-way': 'cuts',
  delay: 'delays',
  lose: 'losses',
  duplicate: 'duplicates',
};

/**
 * Runs it on a lab with no run open, and closes the run at the end.
 *
 * @throws Error when the lab itself cannot do what is asked: that is no verdict about Raft
 */
export async function runSoak(lab: Lab, options: SoakOptions): Promise<SoakReport> {
  const soak = new Soak(lab, options);
  try {
    return await soak.run();
  } finally {
    await soak.end();
  }
}

class Soak {
  readonly #lab: Lab;
  readonly #options: SoakOptions;
  readonly #chance: Chance;
  readonly #crowd: Crowd;
  readonly #judge = new FileJudge();
  readonly #counts: Counts = {
    ...{ rounds: 0, kills: 0, leaderKills: 0, freezes: 0 },
    ...{ cuts: 0, delays: 0, losses: 0, duplicates: 0 },
  };
  readonly #recoveriesMs: number[] = [];
  readonly #watch: LabWatch;
  #runId = '';
  #preset = '';
  #beganMs = performance.now();
  #acknowledgedAtKill = 0;
  #leastInFlight = Number.POSITIVE_INFINITY;
  #leastBetween = Number.POSITIVE_INFINITY;

  constructor(lab: Lab, options: SoakOptions) {
    this.#lab = lab;
    this.#options = options;
    this.#chance = createChance(options.seed, 'soak');
    this.#crowd = new Crowd({
      clients: CLIENTS,
      pauseMs: PAUSE_MS,
      chance: createChance(options.seed, 'soak clients'),
      submit: (command) => this.#ask('submit', { command }),
    });
    this.#watch = new LabWatch(lab);
  }

  get #view(): ClusterView {
    return this.#watch.view;
  }

  async run(): Promise<SoakReport> {
    const { seed, minutes, kills, onRound, isCalledOff } = this.#options;
    const preset = this.#chance() < 0.5 ? 'paper' : 'production';
    const choice: RunChoice = { servers: 5, pace: 'real', preset, seed };
    const mode = await this.#ask('createRun', choice);
    if (mode.mode !== 'live') throw new Error(`the run is ${mode.mode}`);
    this.#runId = mode.runId;
    this.#preset = preset;
    await this.#watch.until('the first leader', isRecovered);
    this.#beganMs = performance.now();
    const isLongEnough = (): boolean =>
      performance.now() - this.#beganMs >= minutes * 60_000 && this.#counts.kills >= kills;
    while (!isLongEnough() && !isCalledOff() && this.#report().ok) {
      await this.#round();
      onRound(this.#report());
    }
    await this.#judge.lookAtAll(await this.#evidence());
    return this.#report();
  }

  async end(): Promise<void> {
    await this.#lab.ask('closeRun', {});
    await this.#crowd.pause();
    this.#watch.stop();
  }

  /** Writes, breaks, kills, undoes, waits for recovery, judges. */
  async #round(): Promise<void> {
    this.#crowd.start();
    if (this.#chance() < LINK_SHARE) await this.#breakLinks();
    await this.#acknowledgedWrites();
    const victim = this.#drawVictim();
    if (this.#chance() < FREEZE_SHARE) await this.#freeze(victim);
    await pause(STEP_MS * this.#chance());
    await this.#kill(victim);
    await pause(HOLD_MS * (0.5 + this.#chance()));
    await this.#watch.until(`${victim} is gone`, ({ servers }) => servers[victim]?.pid === null);
    await this.#ask('restart', { servers: [victim] });
    await this.#recover();
    await this.#judge.look(await this.#evidence());
    this.#counts.rounds += 1;
  }

  /** An act of the nemesis on links. */
  async #breakLinks(): Promise<void> {
    const act = this.#drawLinkAct();
    const counted = COUNTED[act.kind];
    if (counted !== undefined) this.#counts[counted] += 1;
    if ('servers' in act) await this.#ask('cut', { servers: act.servers });
    else await this.#ask('setLinks', { links: act.links, policy: act.policy });
  }

  #drawLinkAct(): NemesisAct {
    for (;;) {
      const act = drawAct(this.#chance, {
        servers: this.#servers,
        leader: this.#view.leader?.server ?? null,
        running: this.#servers,
        canFreeze: false,
        electionMs: 150,
      });
      if (act.kind !== 'kill') return act;
    }
  }

  async #acknowledgedWrites(): Promise<void> {
    const wanted = this.#acknowledgedAtKill + AT_A_KILL.acknowledged;
    const beganMs = performance.now();
    while (this.#crowd.acknowledged < wanted) {
      // A cut may have left nobody who can answer: it is healed, and then they come.
      if (performance.now() - beganMs > RECOVERY_WITHIN_MS / 3) await this.#ask('heal', { fault: null });
      await pause(10);
    }
  }

  /** The leader, or anyone. */
  #drawVictim(): string {
    const wantsLeader = this.#chance() < LEADER_SHARE;
    const at = Math.floor(this.#chance() * this.#servers.length);
    return (wantsLeader ? this.#view.leader?.server : undefined) ?? this.#servers[at] ?? '';
  }

  async #freeze(victim: string): Promise<void> {
    const others = this.#servers.filter((id) => id !== victim);
    const server = others[Math.floor(this.#chance() * others.length)] ?? '';
    await this.#ask('freeze', { servers: [server] });
    this.#counts.freezes += 1;
  }

  async #kill(victim: string): Promise<void> {
    do {
      this.#crowd.burst(AT_A_KILL.burst);
      await pause(3 * this.#chance());
    } while (this.#crowd.inFlight < AT_A_KILL.inFlight);
    const between = this.#crowd.acknowledged - this.#acknowledgedAtKill;
    this.#leastInFlight = Math.min(this.#leastInFlight, this.#crowd.inFlight);
    this.#leastBetween = Math.min(this.#leastBetween, between);
    this.#acknowledgedAtKill = this.#crowd.acknowledged;
    if (victim === this.#view.leader?.server) this.#counts.leaderKills += 1;
    this.#counts.kills += 1;
    await this.#ask('kill', { servers: [victim], signal: 'SIGKILL' });
  }

  /** Heals links and lets frozen servers go on, until everybody is up and has everything; then nobody writes any more, until all that was written is everywhere. */
  async #recover(): Promise<void> {
    const beganMs = performance.now();
    await this.#ask('heal', { fault: null });
    await this.#watch.until('recovery', isRecovered);
    this.#recoveriesMs.push(performance.now() - beganMs);
    await this.#crowd.pause();
    // An entry of this term carries along what an earlier leader left uncommitted (§5.4.2).
    const mark = await this.#ask('submit', { command: { op: 'set', key: 'round', value: `${this.#counts.rounds}` } });
    if (mark.outcome !== 'done') throw new Error(`the cluster has recovered and answers ${mark.outcome}`);
    await this.#watch.until('equal logs', (view) => {
      const last = this.#view.servers[view.leader?.server ?? '']?.lastIndex ?? -1;
      const isThere = (id: string): boolean => {
        const server = view.servers[id];
        return server !== undefined && server.durableIndex === last && server.lastApplied === last;
      };
      return last >= mark.index && view.commitIndex === last && this.#servers.every(isThere);
    });
  }

  async #evidence() {
    const folders = Object.fromEntries(this.#servers.map((id) => [id, this.#options.folderOf(this.#runId, id)]));
    const answered = await this.#ask('stores', { limit: 10_000 });
    const stores = Object.fromEntries(this.#servers.map((id) => [id, answered[id]?.items ?? []]));
    return { folders, stores, written: this.#crowd.takeWritten() };
  }

  get #servers(): readonly string[] {
    return this.#view.settings?.servers ?? [];
  }

  #report(): SoakReport {
    const found = this.#judge.findings();
    const sorted = this.#recoveriesMs.toSorted((a, b) => a - b);
    const { elections, messages, dropped } = this.#view.counts;
    const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
    return {
      ok: found.lost + found.doubled + found.unequal === 0,
      ...found,
      seed: this.#options.seed,
      runId: this.#runId,
      preset: this.#preset,
      seconds: Math.round((performance.now() - this.#beganMs) / 100) / 10,
      ...this.#counts,
      ...{ messages, dropped, elections },
      entries: this.#judge.entries,
      acknowledged: this.#crowd.acknowledged,
      unknown: this.#crowd.unknown,
      leastInFlight: finite(this.#leastInFlight),
      leastBetweenKills: finite(this.#leastBetween),
      medianRecoveryMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
      worstRecoveryMs: Math.round(sorted.at(-1) ?? 0),
    };
  }

  async #ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<Answer<Name>> {
    const result = await this.#lab.ask(name, ask);
    if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
    return result.value;
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
