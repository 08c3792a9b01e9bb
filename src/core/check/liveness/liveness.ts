/**
 * Liveness of a real run (§5.6, §9.3): while a majority is well, it has a leader within ten election timeouts, and while that
 * leader leads, a client that asks is answered within ten more, whether it gives operations up meanwhile or not (waits.ts). Leaders
 * that follow each other while nothing disturbs that majority excuse nothing: the answer is due within both bounds together.
 * Times of different processes are compared here, which no safety property does: they share one clock, and what the conditions
 * do not cover is not judged. Nor is a time in which a process stood still (standstills.ts): a finding that contains one keeps
 * only what is around it.
 */
import type { EventName, RunSettings, TraceEvent } from '../../trace/index.ts';
import type { ServerId } from '../../wire/index.ts';
import { Gaps } from '../gaps.ts';
import type { Outcome } from '../verdict.ts';
import { Conditions, TELLS_CONDITIONS } from './conditions.ts';
import { type LateTicks, type Sleeps, type Standstill, Standstills } from './standstills.ts';
import { type EndedWait, type Patience, TELLS_WAITS, type Wait, Waits } from './waits.ts';

/** In longest election timeouts (2T), for a leader and for an answer. */
const BOUND_TIMEOUTS = 10;
/** Maximum number of findings kept. More than the first are kept because a standstill may be reported after a finding. */
const MOST_FINDINGS = 64;

/** A leader or an answer that was late although its conditions held. Times are microseconds of the run. */
export interface LivenessViolation {
  readonly what: 'no-leader' | 'no-answer' | 'no-lasting-leader';
  /** The majority that was well. */
  readonly members: readonly ServerId[];
  readonly fromUs: number;
  readonly forUs: number;
  readonly boundUs: number;
  /** The newest command that was not answered; the client, when it got no session for its first. */
  readonly operation: string | null;
}

export interface LivenessVerdict {
  readonly outcome: Outcome;
  /** How often a majority that was well got a leader in time, and how long it took at most, milliseconds. */
  readonly leaders: number;
  readonly slowestLeaderMs: number;
  /** Commands answered in time. */
  readonly commands: number;
  /** Ticks that came half an election timeout late, freezes by the lab and sleeps apart: the machine, not Raft. */
  readonly lateTicks: LateTicks;
  /** Sleeps of the computer: nothing is judged over them. */
  readonly sleeps: Sleeps;
  readonly violation: LivenessViolation | null;
}

/** Events in which a server says whom it follows, or stops to. */
const TELLS_ALLEGIANCE: readonly EventName[] = [
  ...(['TermAdvanced', 'SteppedDown', 'PreVoteStarted', 'LeaderRecognised', 'LeaderElected'] as const),
  ...(['ServerExited', 'LabRestarted'] as const),
];
/** Most events concern none of the three. */
const HEARS: ReadonlySet<string> = new Set([...TELLS_WAITS, ...TELLS_CONDITIONS, ...TELLS_ALLEGIANCE]);

/** The last report of a server about its leader. */
interface Allegiance {
  readonly term: number;
  readonly leader: ServerId | null;
}

/** A majority that is well. */
interface Stretch {
  readonly members: readonly ServerId[];
  readonly wellSinceUs: number;
  /** Since when nobody, or somebody, leads it. */
  readonly sinceUs: number;
  readonly isLed: boolean;
  /** Since when clients reach all of it; null: they do not. */
  readonly reachedSinceUs: number | null;
}

/** Hears a run's events in the order of the recording. */
export class Liveness {
  readonly #conditions: Conditions;
  readonly #standstills: Standstills;
  /** As the pace is. */
  #patience: Patience;
  readonly #allegiances = new Map<ServerId, Allegiance>();
  readonly #waits = new Waits();
  /** Counts lost events. `false`: events before the first one heard do not count, since no condition depends on them. */
  readonly #gaps = new Gaps(false);
  /** Once an event of a server was lost nobody knows whom it follows: nothing more is judged. */
  #isDeaf = false;
  #stretch: Stretch | null = null;
  #nowUs = 0;
  #leaders = 0;
  #slowestLeaderUs = 0;
  #commands = 0;
  /** The violations so far, in the order in which they were found. */
  #findings: readonly LivenessViolation[] = [];

  /** @param settings  of the run, as it began */
  constructor(settings: RunSettings) {
    this.#conditions = new Conditions(settings);
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
    if (!HEARS.has(event.event)) return;
    // Another pace, another bound: what was before is judged by the old one.
    if (event.event === 'PaceChanged') this.#beginAnew(event.timeUs, event.timeUs);
    const ended = this.#waits.observe(event, this.#patience);
    if (ended !== null) this.#judgeWait(ended);
    const mayHaveChanged = this.#conditions.observe(event);
    if (event.event === 'PaceChanged') this.#patience = this.#patienceNow();
    if (this.#hearAllegiance(event) || mayHaveChanged) this.#look(event.timeUs);
  }

  /** As far as the run went. */
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

  /** A time in which a process stood still is nobody's fault: findings lose it, and a majority begins anew after it. */
  #exclude(stoodStill: Standstill): void {
    this.#findings = this.#findings.flatMap((finding) =>
      concerns(stoodStill, finding.members) ? around(finding, stoodStill) : [finding],
    );
    if (this.#stretch !== null && concerns(stoodStill, this.#stretch.members)) {
      this.#beginAnew(stoodStill.fromUs, stoodStill.untilUs);
    }
  }

  /** The present majority is judged up to `untilUs` and then again from `fromUs` on. */
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

  #hearAllegiance(event: TraceEvent): boolean {
    const { source } = event;
    switch (event.event) {
      case 'TermAdvanced':
      case 'SteppedDown':
      case 'PreVoteStarted':
        this.#allegiances.set(source, { term: event.term, leader: null });
        return true;
      case 'LeaderRecognised':
        this.#allegiances.set(source, { term: event.term, leader: event.leaderId });
        return true;
      case 'LeaderElected':
        this.#allegiances.set(source, { term: event.term, leader: source });
        return true;
      case 'ServerExited':
        return this.#allegiances.delete(event.server);
      case 'LabRestarted':
        this.#allegiances.clear();
        return true;
      default:
        return false;
    }
  }

  #patienceNow(): Patience {
    return { retryUs: this.#boundUs / 2, nextUs: this.#conditions.longestTimeoutUs };
  }

  #judgeWait({ wait, untilUs, isAnswered }: EndedWait): void {
    const finding = this.#unanswered(wait, untilUs);
    if (finding !== null) this.#keep(finding);
    else if (isAnswered && this.#stretch?.isLed === true && this.#stretch.reachedSinceUs !== null) this.#commands += 1;
  }

  /** Asked only for as long as clients reach a majority that is well. @returns null when they do not, or within the bound */
  #unanswered({ client, sinceUs, operation }: Wait, untilUs: number): LivenessViolation | null {
    const stretch = this.#stretch;
    if (stretch === null || stretch.reachedSinceUs === null) return null;
    const { members, isLed, wellSinceUs } = stretch;
    const servableUs = Math.max(sinceUs, wellSinceUs, stretch.reachedSinceUs);
    // With every event, and nearly always: no bound can be passed yet.
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
    // In a file, events from before a standstill may stand behind it.
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

  /** The present conditions end: what came too late under them is kept. @returns whether a leader was there in time */
  #close(atUs: number): boolean {
    const late = this.#lateAt(atUs);
    for (const finding of late) this.#keep(finding);
    return late.every(({ what }) => what !== 'no-leader');
  }

  /** All that is too late at this moment. */
  #lateAt(atUs: number): readonly LivenessViolation[] {
    const waits = [...this.#waits.open(atUs)].map(({ wait, untilUs }) => this.#unanswered(wait, untilUs));
    return [this.#leaderless(atUs), ...waits].filter((finding) => finding !== null);
  }

  /** @returns null when somebody leads, or nobody for no longer than the bound */
  #leaderless(atUs: number): LivenessViolation | null {
    const stretch = this.#stretch;
    if (stretch === null || stretch.isLed) return null;
    const { members, sinceUs: fromUs } = stretch;
    return this.#tooLong({ what: 'no-leader', members, fromUs, forUs: atUs - fromUs, operation: null }, this.#boundUs);
  }

  /** One of them leads, and a majority of all follows it in its term. */
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

/** The rest of a finding before and after a standstill, as far as it is still too long. */
function around(finding: LivenessViolation, { fromUs, untilUs }: Standstill): readonly LivenessViolation[] {
  const endUs = finding.fromUs + finding.forUs;
  if (untilUs <= finding.fromUs || fromUs >= endUs) return [finding];
  const before = { ...finding, forUs: fromUs - finding.fromUs };
  const after = { ...finding, fromUs: untilUs, forUs: endUs - untilUs };
  return [before, after].filter(({ forUs, boundUs }) => forUs > boundUs);
}
