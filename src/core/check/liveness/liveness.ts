/**
 * Liveness of a real run (§5.6, §9.3): while a majority is well, it has a leader within ten election timeouts, and while that
 * leader leads, a command that is retried is answered within ten more. Times of different processes are compared here,
 * which no safety property does: they share one clock, and what the conditions do not cover is not judged. Nor is a time
 * in which a process stood still (standstills.ts): a finding that contains one keeps only what is around it.
 */
import type { RunSettings, TraceEvent } from '../../trace/index.ts';
import type { ServerId } from '../../wire/index.ts';
import { Gaps } from '../gaps.ts';
import type { Outcome } from '../verdict.ts';
import { Conditions } from './conditions.ts';
import { type LateTicks, type Standstill, Standstills } from './standstills.ts';

/** In longest election timeouts (2T), for a leader and for an answer. */
const BOUND_TIMEOUTS = 10;
/** Maximum number of findings kept. More than the first are kept because a standstill may be reported after a finding. */
const MOST_FINDINGS = 64;

/** What did not come in time although everything it needs was there. Times are microseconds of the run. */
export interface LivenessViolation {
  readonly what: 'no-leader' | 'no-answer';
  /** The majority that was well. */
  readonly members: readonly ServerId[];
  readonly fromUs: number;
  readonly forUs: number;
  readonly boundUs: number;
  /** The command that was not answered. */
  readonly operation: string | null;
}

export interface LivenessVerdict {
  readonly outcome: Outcome;
  /** How often a majority that was well got a leader in time, and how long it took at most, milliseconds. */
  readonly leaders: number;
  readonly slowestLeaderMs: number;
  /** Commands answered in time. */
  readonly commands: number;
  /** Ticks that came half an election timeout late, freezes by the lab apart: the machine, not Raft. */
  readonly lateTicks: LateTicks;
  readonly violation: LivenessViolation | null;
}

/** What a server last said of its leader. */
interface Allegiance {
  readonly term: number;
  readonly leader: ServerId | null;
}

/** A majority that is well, and since when nobody or somebody leads it. */
interface Stretch {
  readonly members: readonly ServerId[];
  readonly sinceUs: number;
  readonly isLed: boolean;
}

/** Hears a run's events in the order of the recording. */
export class Liveness {
  readonly #conditions: Conditions;
  readonly #standstills: Standstills;
  readonly #allegiances = new Map<ServerId, Allegiance>();
  /** Commands under way, and when they were first sent; null: not yet. */
  readonly #sent = new Map<string, number | null>();
  /** Whoever listens from later on has missed nothing that conditions are made of. */
  readonly #gaps = new Gaps(false);
  /** Once an event of a server was lost nobody knows whom it follows: nothing more is judged. */
  #isDeaf = false;
  #stretch: Stretch | null = null;
  #nowUs = 0;
  #leaders = 0;
  #slowestLeaderUs = 0;
  #commands = 0;
  /** What came too late so far, in the order in which it was found. */
  #findings: readonly LivenessViolation[] = [];

  /** @param settings  of the run, as it began */
  constructor(settings: RunSettings) {
    this.#conditions = new Conditions(settings);
    this.#standstills = new Standstills(this.#conditions);
  }

  observe(event: TraceEvent): void {
    this.#nowUs = Math.max(this.#nowUs, event.timeUs);
    if (this.#gaps.hear(event)) {
      this.#isDeaf = true;
      this.#stretch = null;
    }
    const stoodStill = this.#standstills.observe(event);
    if (stoodStill !== null) this.#exclude(stoodStill);
    // Another pace, another bound: what was before is judged by the old one.
    if (event.event === 'PaceChanged') this.#beginAnew(event.timeUs, event.timeUs);
    this.#hearCommand(event);
    const mayHaveChanged = this.#conditions.observe(event);
    if (this.#hearAllegiance(event) || mayHaveChanged) this.#look(event.timeUs);
  }

  /** As far as the run went. */
  verdict(): LivenessVerdict {
    const underWay = [...this.#sent].map(([operation, sentUs]) =>
      sentUs === null ? null : this.#unanswered(operation, sentUs, this.#nowUs),
    );
    const late = [...this.#findings, this.#leaderless(this.#nowUs), ...underWay];
    const violation = late.find((finding) => finding !== null) ?? null;
    return {
      outcome: this.#outcome(violation),
      ...{ leaders: this.#leaders, slowestLeaderMs: Math.round(this.#slowestLeaderUs / 1_000) },
      ...{ commands: this.#commands, lateTicks: this.#standstills.lateTicks(), violation },
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
    if (stretch !== null) this.#stretch = { ...stretch, sinceUs: Math.max(stretch.sinceUs, fromUs) };
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
        this.#sent.clear();
        return true;
      default:
        return false;
    }
  }

  #hearCommand(event: TraceEvent): void {
    switch (event.event) {
      case 'CommandInvoked':
        this.#sent.set(event.operation, null);
        return;
      case 'CommandSent':
        // One that has ended and is asked about once more is not under way again.
        if (this.#sent.get(event.operation) === null) this.#sent.set(event.operation, event.timeUs);
        return;
      case 'CommandDone':
      case 'CommandUnknown':
      case 'CommandRefused': {
        const sentUs = this.#sent.get(event.operation);
        this.#sent.delete(event.operation);
        // Refused is an answer; a client that was closed did not wait for one.
        if (sentUs === undefined || sentUs === null || (event.event === 'CommandUnknown' && event.reason === 'closed'))
          return;
        this.#judgeCommand(event.operation, sentUs, event.timeUs, event.event !== 'CommandUnknown');
        return;
      }
      default:
        return;
    }
  }

  #judgeCommand(operation: string, sentUs: number, untilUs: number, isAnswered: boolean): void {
    const finding = this.#unanswered(operation, sentUs, untilUs);
    if (finding !== null) this.#keep(finding);
    else if (isAnswered && this.#isServed()) this.#commands += 1;
  }

  /** A leader leads a majority that is well and that clients reach. */
  #isServed(): boolean {
    const stretch = this.#stretch;
    if (stretch === null) return false;
    return stretch.isLed && this.#conditions.clientsReach(stretch.members);
  }

  /** Asked only for as long as the majority is served. @returns null when it is not, or within the bound */
  #unanswered(operation: string, sentUs: number, untilUs: number): LivenessViolation | null {
    const stretch = this.#stretch;
    if (stretch === null || !this.#isServed()) return null;
    const fromUs = Math.max(sentUs, stretch.sinceUs);
    return this.#tooLong({ what: 'no-answer', members: stretch.members, fromUs, forUs: untilUs - fromUs, operation });
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
    const before = this.#stretch;
    if (before === null || before.members.join() !== members.join()) {
      this.#close(atUs);
      this.#stretch = { members, sinceUs, isLed };
    } else if (before.isLed !== isLed) {
      if (isLed && this.#close(atUs)) {
        this.#leaders += 1;
        this.#slowestLeaderUs = Math.max(this.#slowestLeaderUs, atUs - before.sinceUs);
      }
      this.#stretch = { members, sinceUs, isLed };
    }
  }

  /** A time without a leader ends. @returns whether it was within the bound */
  #close(atUs: number): boolean {
    const finding = this.#leaderless(atUs);
    if (finding !== null) this.#keep(finding);
    return finding === null;
  }

  /** @returns null when somebody leads, or nobody for no longer than the bound */
  #leaderless(atUs: number): LivenessViolation | null {
    const stretch = this.#stretch;
    if (stretch === null || stretch.isLed) return null;
    const { members, sinceUs: fromUs } = stretch;
    return this.#tooLong({ what: 'no-leader', members, fromUs, forUs: atUs - fromUs, operation: null });
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

  #tooLong(found: Omit<LivenessViolation, 'boundUs'>): LivenessViolation | null {
    const boundUs = this.#boundUs;
    return found.forUs > boundUs ? { ...found, boundUs } : null;
  }

  #keep(finding: LivenessViolation): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings = [...this.#findings, finding];
  }
}

function concerns({ server }: Standstill, members: readonly ServerId[]): boolean {
  return server === null || members.includes(server);
}

/** What is left of a finding before and after a standstill, as far as it is still too long. */
function around(finding: LivenessViolation, { fromUs, untilUs }: Standstill): readonly LivenessViolation[] {
  const endUs = finding.fromUs + finding.forUs;
  if (untilUs <= finding.fromUs || fromUs >= endUs) return [finding];
  const before = { ...finding, forUs: fromUs - finding.fromUs };
  const after = { ...finding, fromUs: untilUs, forUs: endUs - untilUs };
  return [before, after].filter(({ forUs, boundUs }) => forUs > boundUs);
}
