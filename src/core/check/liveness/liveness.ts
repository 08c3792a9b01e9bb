/**
 * Judges the liveness of a real run (§5.6, §9.3). A majority that meets the conditions (conditions.ts) has a leader
 * within ten election timeouts. While that leader leads, a waiting client is answered within ten more, even if it gives
 * operations up meanwhile (waits.ts). If leaders follow each other in an undisturbed majority, the answer is still due
 * within both bounds together.
 *
 * Liveness compares times of different processes, which no safety property does; the processes share one clock. A time
 * in which a process stood still (standstills.ts) is not judged: of a finding that contains one, only the parts around
 * it are kept.
 */
import type { RunSettings, TraceEvent } from '../../trace/index.ts';
import type { ServerId } from '../../wire/index.ts';
import { Gaps } from '../gaps.ts';
import { byName, type Handler } from '../handlers.ts';
import type { Outcome } from '../verdict.ts';
import { Conditions } from './conditions.ts';
import { type LateTicks, type Sleeps, type Standstill, Standstills } from './standstills.ts';
import { type EndedWait, type Patience, type Wait, Waits } from './waits.ts';

/** Bound for a leader and for an answer, in longest election timeouts (2T). */
const BOUND_TIMEOUTS = 10;
/** Maximum number of findings kept. One is not enough, because a standstill reported later may remove a finding. */
const MOST_FINDINGS = 64;

/** A leader or an answer that was late although its conditions held. Times are microseconds of the run. */
export interface LivenessViolation {
  readonly what: 'no-leader' | 'no-answer' | 'no-lasting-leader';
  /** The majority that met the conditions. */
  readonly members: readonly ServerId[];
  readonly fromUs: number;
  readonly forUs: number;
  readonly boundUs: number;
  /** The newest command without an answer; the client's name when it got no session for its first command. */
  readonly operation: string | null;
}

export interface LivenessVerdict {
  readonly outcome: Outcome;
  /** How often a majority under the conditions got a leader in time, and the longest time it took in milliseconds. */
  readonly leaders: number;
  readonly slowestLeaderMs: number;
  /** Number of commands answered in time. */
  readonly commands: number;
  /**
   * Ticks that came half an election timeout late because of the machine. Freezes by the lab and sleeps do not count.
   */
  readonly lateTicks: LateTicks;
  /** Sleeps of the computer, over which nothing is judged. */
  readonly sleeps: Sleeps;
  readonly violation: LivenessViolation | null;
}

/** The last report of a server about its leader. */
interface Allegiance {
  readonly term: number;
  readonly leader: ServerId | null;
}

/** A period in which one majority meets the conditions. */
interface Stretch {
  readonly members: readonly ServerId[];
  readonly wellSinceUs: number;
  /** Since when the majority has a leader, or has no leader (`isLed`). */
  readonly sinceUs: number;
  readonly isLed: boolean;
  /** Since when clients reach the whole majority; null while they do not. */
  readonly reachedSinceUs: number | null;
}

/** Judges a run's events in the order of the recording. */
export class Liveness {
  readonly #conditions: Conditions;
  readonly #standstills: Standstills;
  /** Patience at the present pace. */
  #patience: Patience;
  readonly #allegiances = new Map<ServerId, Allegiance>();
  readonly #waits = new Waits();
  readonly #hearWait = byName(this.#waits.handlers);
  readonly #hearCondition: ReadonlyMap<string, Handler<boolean>>;
  /** Handlers of the events that show which leader a server follows, if any. Each returns whether that may have changed. */
  readonly #hearAllegiance = byName<boolean, []>({
    TermAdvanced: ({ source, term }) => this.#follows(source, term, null),
    SteppedDown: ({ source, term }) => this.#follows(source, term, null),
    PreVoteStarted: ({ source, term }) => this.#follows(source, term, null),
    LeaderRecognised: ({ source, term, leaderId }) => this.#follows(source, term, leaderId),
    LeaderElected: ({ source, term }) => this.#follows(source, term, source),
    ServerExited: ({ server }) => this.#allegiances.delete(server),
    LabRestarted: () => {
      this.#allegiances.clear();
      return true;
    },
  });
  /** Counts lost events. `false`: events before the first observed one do not count; no condition depends on them. */
  readonly #gaps = new Gaps(false);
  /** Whether an event of a server was lost. Its leader is unknown from then on, so nothing more is judged. */
  #isDeaf = false;
  #stretch: Stretch | null = null;
  #nowUs = 0;
  #leaders = 0;
  #slowestLeaderUs = 0;
  #commands = 0;
  /** The violations so far, in the order in which they were found. */
  #findings: readonly LivenessViolation[] = [];

  /** @param settings  settings with which the run began */
  constructor(settings: RunSettings) {
    this.#conditions = new Conditions(settings);
    this.#hearCondition = byName(this.#conditions.handlers);
    this.#standstills = new Standstills(this.#conditions);
    this.#patience = this.#patienceNow();
  }

  observe(event: TraceEvent): void {
    this.#nowUs = Math.max(this.#nowUs, event.timeUs);
    if (this.#gaps.hear(event)) {
      this.#isDeaf = true;
      this.#stretch = null;
    }
    const stoodStill = this.#standstills.observe(event);
    if (stoodStill !== null) this.#exclude(stoodStill);
    const { event: name } = event;
    const hearWait = this.#hearWait.get(name);
    const hearCondition = this.#hearCondition.get(name);
    const hearAllegiance = this.#hearAllegiance.get(name);
    if (hearWait === undefined && hearCondition === undefined && hearAllegiance === undefined) return;
    // Another pace or timing has another bound, so the time before is judged by the old one.
    const hasNewBounds = name === 'PaceChanged' || name === 'TimingChanged';
    if (hasNewBounds) this.#beginAnew(event.timeUs, event.timeUs);
    const ended = hearWait?.(event, this.#patience) ?? null;
    if (ended !== null) this.#judgeWait(ended);
    const mayHaveChanged = hearCondition?.(event) ?? false;
    if (hasNewBounds) this.#patience = this.#patienceNow();
    const hasOtherLeader = hearAllegiance?.(event) ?? false;
    if (hasOtherLeader || mayHaveChanged) this.#look(event.timeUs);
  }

  /** Judges the run up to its last event. */
  verdict(): LivenessVerdict {
    const late = [...this.#findings, ...this.#lateAt(this.#nowUs)];
    const violation = late[0] ?? null;
    return {
      outcome: this.#outcome(violation),
      ...{ leaders: this.#leaders, slowestLeaderMs: Math.round(this.#slowestLeaderUs / 1_000) },
      ...{ commands: this.#commands, lateTicks: this.#standstills.lateTicks() },
      ...{ sleeps: this.#standstills.sleeps(), violation },
    };
  }

  #outcome(violation: LivenessViolation | null): Outcome {
    if (violation !== null) return 'violated';
    if (this.#isDeaf) return 'unknown';
    return this.#leaders + this.#commands > 0 ? 'valid' : 'not-judged';
  }

  get #boundUs(): number {
    return BOUND_TIMEOUTS * this.#conditions.longestTimeoutUs;
  }

  /** Excludes a standstill: findings lose that time, and the present majority is judged anew after it. */
  #exclude(stoodStill: Standstill): void {
    this.#findings = this.#findings.flatMap((finding) =>
      concerns(stoodStill, finding.members) ? around(finding, stoodStill) : [finding],
    );
    if (this.#stretch !== null && concerns(stoodStill, this.#stretch.members)) {
      this.#beginAnew(stoodStill.fromUs, stoodStill.untilUs);
    }
  }

  /** Judges the present majority up to `untilUs`, and then anew from `fromUs` on. */
  #beginAnew(untilUs: number, fromUs: number): void {
    this.#close(untilUs);
    const stretch = this.#stretch;
    if (stretch === null) return;
    const { wellSinceUs, sinceUs, reachedSinceUs } = stretch;
    this.#stretch = {
      ...stretch,
      wellSinceUs: Math.max(wellSinceUs, fromUs),
      sinceUs: Math.max(sinceUs, fromUs),
      reachedSinceUs: reachedSinceUs === null ? null : Math.max(reachedSinceUs, fromUs),
    };
  }

  /** A server follows this leader, or none. */
  #follows(server: ServerId, term: number, leader: ServerId | null): true {
    this.#allegiances.set(server, { term, leader });
    return true;
  }

  #patienceNow(): Patience {
    return { retryUs: this.#boundUs / 2, nextUs: this.#conditions.longestTimeoutUs };
  }

  #judgeWait({ wait, untilUs, isAnswered }: EndedWait): void {
    const finding = this.#unanswered(wait, untilUs);
    if (finding !== null) this.#keep(finding);
    else if (isAnswered && this.#stretch?.isLed === true && this.#stretch.reachedSinceUs !== null) this.#commands += 1;
  }

  /** Judges a wait for as long as clients reach a majority under the conditions. @returns null when it is in time */
  #unanswered({ client, sinceUs, operation }: Wait, untilUs: number): LivenessViolation | null {
    const stretch = this.#stretch;
    if (stretch === null || stretch.reachedSinceUs === null) return null;
    const { members, isLed, wellSinceUs } = stretch;
    const servableUs = Math.max(sinceUs, wellSinceUs, stretch.reachedSinceUs);
    // Runs with every event; nearly always the bound cannot be exceeded yet.
    if (untilUs - servableUs <= this.#boundUs) return null;
    const common = { members, operation: operation ?? client };
    if (isLed) {
      const fromUs = Math.max(servableUs, stretch.sinceUs);
      const finding = this.#tooLong({ ...common, what: 'no-answer', fromUs, forUs: untilUs - fromUs }, this.#boundUs);
      if (finding !== null) return finding;
    }
    const forUs = untilUs - servableUs;
    return this.#tooLong({ ...common, what: 'no-lasting-leader', fromUs: servableUs, forUs }, 2 * this.#boundUs);
  }

  #look(atUs: number): void {
    const members = this.#isDeaf ? null : this.#conditions.members();
    if (members === null) {
      this.#close(atUs);
      this.#stretch = null;
      return;
    }
    const isLed = this.#isLed(members);
    // In a recording, events from before a standstill may come after it.
    const sinceUs = Math.max(atUs, this.#standstills.lastUs);
    const isReached = this.#conditions.clientsReach(members);
    const before = this.#stretch;
    if (before === null || before.members.join() !== members.join()) {
      this.#close(atUs);
      this.#stretch = { members, wellSinceUs: sinceUs, sinceUs, isLed, reachedSinceUs: isReached ? sinceUs : null };
      return;
    }
    if (before.isLed === isLed && (before.reachedSinceUs !== null) === isReached) return;
    const isInTime = this.#close(atUs);
    if (isLed && !before.isLed && isInTime) {
      this.#leaders += 1;
      this.#slowestLeaderUs = Math.max(this.#slowestLeaderUs, atUs - before.sinceUs);
    }
    const reachedSinceUs = isReached ? (before.reachedSinceUs ?? sinceUs) : null;
    this.#stretch = { ...before, isLed, sinceUs: before.isLed === isLed ? before.sinceUs : sinceUs, reachedSinceUs };
  }

  /** Ends the present period and keeps what was late in it. @returns whether a leader came in time */
  #close(atUs: number): boolean {
    const late = this.#lateAt(atUs);
    for (const finding of late) this.#keep(finding);
    return late.every(({ what }) => what !== 'no-leader');
  }

  /** Everything that is late at this moment. */
  #lateAt(atUs: number): readonly LivenessViolation[] {
    const waits = [...this.#waits.open(atUs)].map(({ wait, untilUs }) => this.#unanswered(wait, untilUs));
    return [this.#leaderless(atUs), ...waits].filter((finding) => finding !== null);
  }

  /** @returns null when the majority has a leader, or has had none for no longer than the bound */
  #leaderless(atUs: number): LivenessViolation | null {
    const stretch = this.#stretch;
    if (stretch === null || stretch.isLed) return null;
    const { members, sinceUs: fromUs } = stretch;
    return this.#tooLong({ what: 'no-leader', members, fromUs, forUs: atUs - fromUs, operation: null }, this.#boundUs);
  }

  /** Whether one of the members leads, and a majority of all servers follows it in its term. */
  #isLed(members: readonly ServerId[]): boolean {
    return members.some((leader) => {
      const own = this.#allegiances.get(leader);
      if (own?.leader !== leader) return false;
      const follows = members.filter((member) => {
        const its = this.#allegiances.get(member);
        return its?.leader === leader && its.term === own.term;
      });
      return follows.length >= this.#conditions.majority;
    });
  }

  #tooLong(found: Omit<LivenessViolation, 'boundUs'>, boundUs: number): LivenessViolation | null {
    return found.forUs > boundUs ? { ...found, boundUs } : null;
  }

  #keep(finding: LivenessViolation): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings = [...this.#findings, finding];
  }
}

function concerns({ server }: Standstill, members: readonly ServerId[]): boolean {
  return server === null || members.includes(server);
}

/** Returns the parts of a finding before and after a standstill that are still too long. */
function around(finding: LivenessViolation, { fromUs, untilUs }: Standstill): readonly LivenessViolation[] {
  const endUs = finding.fromUs + finding.forUs;
  if (untilUs <= finding.fromUs || fromUs >= endUs) return [finding];
  const before = { ...finding, forUs: fromUs - finding.fromUs };
  const after = { ...finding, fromUs: untilUs, forUs: endUs - untilUs };
  return [before, after].filter(({ forUs, boundUs }) => forUs > boundUs);
}
