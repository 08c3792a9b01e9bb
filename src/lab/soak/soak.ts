/**
 * The soak: clients write while servers are killed with -9, frozen and cut off, and messages are delayed, lost and
 * duplicated, round after round. After every recovery the files are read and judged, and at the end everything is
 * judged again. The judges of the run have the last word when it is closed. Every draw comes from one seed. The soak
 * acts through the lab, as any door does. Flow: cli → here → lab.
 */

import { drawFault, type RandomFault } from '../../cluster/nemesis-plan.ts';
import type { Answer, RequestName, Requests, RunChoice } from '../../core/lab-api/index.ts';
import { type BothLanguages, type ClusterView, isRecovered } from '../../core/trace/index.ts';
import { type Chance, type Command, createChance } from '../../core/wire/index.ts';
import { type Evidence, FileJudge, type Findings } from '../../play/file-judge.ts';
import { PAGE_KEYS, readWholeStores, type StoreItem } from '../../play/whole-stores.ts';
import { serverFolder } from '../../recording/index.ts';
import type { Lab } from '../types.ts';
import { LabWatch, WaitedInVain } from '../watch.ts';
import { Crowd } from './crowd.ts';
import { type CountName, type Counts, type SoakOptions, type SoakReport, withJudges } from './report.ts';

const SILENT = (server: string): BothLanguages => ({
  en: `${server} did not answer with its store`,
  zh: `${server} 没有给出它的存储`,
});

const CLIENTS = 8;
const PAUSE_MS = 120;
/**
 * Minimum numbers at each kill: unanswered commands, and commands acknowledged since the last kill. `burst`: commands
 * sent at once, again and again, until enough are unanswered.
 */
const AT_A_KILL = { inFlight: 5, acknowledged: 20, burst: 8 } as const;
/** Share of kills that hit the leader. */
const LEADER_SHARE = 0.65;
/** Share of rounds that freeze another server, and share of those that break links. */
const FREEZE_SHARE = 0.6;
const LINK_SHARE = 0.6;
/** Longest pause before a kill, and mean time before the faults of a round are undone, milliseconds. */
const STEP_MS = 150;
const HOLD_MS = 700;
const RECOVERY_WITHIN_MS = 30_000;
const STORES_WITHIN_MS = { round: 5_000, end: 30_000 } as const;
const FILL_LENGTH = 60_000;

const COUNTED: Readonly<Partial<Record<RandomFault['kind'], CountName>>> = {
  cut: 'cuts',
  'one-way': 'cuts',
  delay: 'delays',
  lose: 'losses',
  duplicate: 'duplicates',
};

/**
 * Runs a soak on a lab with no open run, and closes its run at the end.
 *
 * @throws Error when the lab itself cannot carry out a request, which is no verdict about Raft
 */
export async function runSoak(lab: Lab, options: SoakOptions): Promise<SoakReport> {
  const soak = new Soak(lab, options);
  let report: SoakReport;
  try {
    report = await soak.run();
  } finally {
    await soak.end();
  }
  return await withJudges(report, options.folderOf(report.runId));
}

class Soak {
  readonly #lab: Lab;
  readonly #options: SoakOptions;
  readonly #chance: Chance;
  readonly #crowd: Crowd;
  readonly #judge = new FileJudge();
  readonly #counts: Counts = {
    rounds: 0,
    kills: 0,
    leaderKills: 0,
    deposed: 0,
    freezes: 0,
    cuts: 0,
    delays: 0,
    losses: 0,
    duplicates: 0,
  };
  readonly #recoveriesMs: number[] = [];
  readonly #watch: LabWatch;
  #runId = '';
  #preset = '';
  #beganMs = performance.now();
  #acknowledgedAtKill = 0;
  /** Index of the newest entry acknowledged while no other client wrote. */
  #mark = 0;
  #leastInFlight = Number.POSITIVE_INFINITY;
  #leastBetween = Number.POSITIVE_INFINITY;
  #unanswered = 0;
  #missing: readonly BothLanguages[] = [];

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
    const { seed, minutes, kills, terms, fill, onRound, isCalledOff } = this.#options;
    const preset = this.#chance() < 0.5 ? 'paper' : 'production';
    const choice: RunChoice = { servers: 5, pace: 'real', preset, seed };
    const mode = await this.#ask('createRun', choice);
    if (mode.mode !== 'live') throw new Error(`the run is ${mode.mode}`);
    this.#runId = mode.runId;
    this.#preset = preset;
    await this.#watch.until({ en: 'the first leader', zh: '第一位领袖' }, isRecovered);
    await this.#fill(fill);
    this.#beganMs = performance.now();
    const isLongEnough = (): boolean =>
      performance.now() - this.#beganMs >= minutes * 60_000 && this.#counts.kills >= kills && this.#terms >= terms;
    try {
      while (!isLongEnough() && !isCalledOff() && this.#report().verdict !== 'violated') {
        await this.#round();
        onRound(this.#report());
      }
      const { missing, ...evidence } = await this.#evidence('end');
      await this.#judge.lookAtAll(evidence);
      this.#missing = missing.map(SILENT);
    } catch (problem) {
      // The cluster may be slow or wrong, and neither is proved.
      if (!(problem instanceof WaitedInVain)) throw problem;
      this.#missing = [problem.says];
    }
    return this.#report();
  }

  /** Fills the store beyond one page and one frame before the first fault. */
  async #fill(values: number): Promise<void> {
    for (let at = 0; at < values; at += 1) {
      const value = `${at};`.repeat(FILL_LENGTH).slice(0, FILL_LENGTH);
      await this.#done({ op: 'set', key: `large${at}`, value });
    }
  }

  /**
   * Sends a command to a healthy cluster.
   *
   * @returns the entry's index
   * @throws Error when the cluster does not carry it out
   */
  async #done(command: Command): Promise<number> {
    const answer = await this.#ask('submit', { command });
    if (answer.outcome !== 'done') throw new Error(`the cluster is well and answers ${answer.outcome}`);
    return answer.index;
  }

  async end(): Promise<void> {
    await this.#lab.ask('closeRun', {});
    await this.#crowd.pause();
    this.#watch.stop();
  }

  /**
   * Carries out one round: clients write, faults begin, a server is killed and restarted, faults are undone, the
   * cluster recovers, the files are judged.
   */
  async #round(): Promise<void> {
    this.#crowd.start();
    for (let at = 0; at < this.#options.depose; at += 1) await this.#depose();
    if (this.#chance() < LINK_SHARE) await this.#breakLinks();
    await this.#acknowledgedWrites();
    const victim = this.#drawVictim();
    if (this.#chance() < FREEZE_SHARE) await this.#freeze(victim);
    await pause(STEP_MS * this.#chance());
    await this.#kill(victim);
    await pause(HOLD_MS * (0.5 + this.#chance()));
    await this.#watch.until(
      { en: `${victim} is gone`, zh: ` ${victim} 的进程结束` },
      ({ servers }) => servers[victim]?.pid === null,
    );
    await this.#ask('restart', { servers: [victim] });
    await this.#recover();
    const { missing, ...evidence } = await this.#evidence('round');
    await this.#judge.look(evidence);
    this.#unanswered += missing.length;
    this.#counts.rounds += 1;
  }

  /**
   * Cuts the leader off until the others have elected a new one, and heals it. This takes a few tenths of a second and
   * makes at least one new term.
   */
  async #depose(): Promise<void> {
    const { leader } = await this.#watch.until({ en: 'a leader', zh: '领袖' }, (view) => view.leader !== null);
    if (leader === null) return;
    const { fault } = await this.#ask('cutOff', { servers: [leader.server] });
    await this.#watch.until(
      { en: `another leader than ${leader.server}`, zh: ` ${leader.server} 以外的领袖` },
      (view) => (view.leader?.term ?? 0) > leader.term,
    );
    await this.#ask('heal', { fault });
    this.#counts.deposed += 1;
  }

  /** Carries out a random fault on links, drawn as the nemesis does. */
  async #breakLinks(): Promise<void> {
    const act = this.#drawLinkAct();
    const counted = COUNTED[act.kind];
    if (counted !== undefined) this.#counts[counted] += 1;
    if ('servers' in act) await this.#ask('cutOff', { servers: act.servers });
    else await this.#ask('setLinks', { links: act.links, policy: act.policy });
  }

  #drawLinkAct(): RandomFault {
    for (;;) {
      const act = drawFault(this.#chance, {
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
      // A cut may leave no server that can answer. After healing, the commands are acknowledged.
      if (performance.now() - beganMs > RECOVERY_WITHIN_MS / 3) await this.#ask('heal', {});
      await pause(10);
    }
  }

  /** Draws the leader, or any server. */
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

  /**
   * Heals links and resumes frozen servers, waits until all servers are up with equal logs, then pauses the clients and
   * writes one last entry.
   */
  async #recover(): Promise<void> {
    const beganMs = performance.now();
    await this.#ask('heal', {});
    await this.#watch.until({ en: 'recovery', zh: '集群恢复' }, isRecovered);
    this.#recoveriesMs.push(performance.now() - beganMs);
    await this.#crowd.pause();
    // An entry of this term also commits the entries that an earlier leader left uncommitted (§5.4.2).
    this.#mark = await this.#done({ op: 'set', key: 'round', value: `${this.#counts.rounds}` });
  }

  /** Waits for logs that end at the same index, committed, applied and on disk on every server. @returns that index */
  async #equalLogs(): Promise<number> {
    const lastOf = ({ servers, leader }: ClusterView): number => servers[leader?.server ?? '']?.lastIndex ?? -1;
    const view = await this.#watch.until({ en: 'equal logs', zh: '各服务器日志一致' }, (now) => {
      const last = lastOf(now);
      const isThere = (id: string): boolean => {
        const server = now.servers[id];
        return server !== undefined && server.durableIndex === last && server.lastApplied === last;
      };
      return last >= this.#mark && now.commitIndex === last && this.#servers.every(isThere);
    });
    return lastOf(view);
  }

  /**
   * Collects the evidence for the judge, with the stores that could be read in time. An election meanwhile adds an
   * entry, so the function then waits for equal logs again.
   */
  async #evidence(after: 'round' | 'end'): Promise<Evidence & { readonly missing: readonly string[] }> {
    const folder = this.#options.folderOf(this.#runId);
    const folders = Object.fromEntries(this.#servers.map((id) => [id, serverFolder(folder, id)]));
    const storesWithinMs = (this.#options.storesWithinMs ?? STORES_WITHIN_MS)[after];
    const began = performance.now();
    for (;;) {
      const settled = await this.#equalLogs();
      const leftMs = Math.max(1, storesWithinMs - (performance.now() - began));
      const read = await readWholeStores({
        servers: this.#servers,
        at: settled,
        withinMs: leftMs,
        nowMs: () => performance.now(),
        sleep: pause,
        page: async (after) =>
          await this.#ask('stores', { limit: PAGE_KEYS, ...(after === undefined ? {} : { after }) }),
      });
      const isMoved = Object.values(read).includes('elsewhere');
      if (isMoved && performance.now() - began < storesWithinMs) continue;
      const stores: Record<string, readonly StoreItem[]> = {};
      for (const [id, store] of Object.entries(read)) if (typeof store !== 'string') stores[id] = store;
      const missing = this.#servers.filter((id) => stores[id] === undefined);
      return { settled, folders, stores, missing, written: this.#crowd.takeWritten() };
    }
  }

  get #terms(): number {
    return Math.max(0, ...Object.values(this.#view.servers).map(({ term }) => term));
  }

  get #servers(): readonly string[] {
    return this.#view.settings?.servers ?? [];
  }

  #verdict({ lost, doubled, unequal }: Findings): SoakReport['verdict'] {
    if (lost + doubled + unequal + this.#view.violations.length > 0) return 'violated';
    return this.#missing.length > 0 ? 'unknown' : 'valid';
  }

  #report(): SoakReport {
    const found = this.#judge.findings();
    const sorted = this.#recoveriesMs.toSorted((a, b) => a - b);
    const { elections, messages, dropped } = this.#view.counts;
    const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
    return {
      verdict: this.#verdict(found),
      ...found,
      broken: [...new Set(this.#view.violations.map(({ property }) => property))],
      unanswered: this.#unanswered,
      missing: this.#missing,
      seed: this.#options.seed,
      runId: this.#runId,
      preset: this.#preset,
      seconds: Math.round((performance.now() - this.#beganMs) / 100) / 10,
      ...this.#counts,
      messages,
      dropped,
      elections,
      terms: this.#terms,
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
