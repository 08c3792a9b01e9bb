/**
 * Liveness of a real run (§5.6, §9.3): while a majority is well, it has a leader within ten election timeouts, and while that
 * leader leads, a command that is retried is answered within ten more. Times of different processes are compared here,
 * which no safety property does: they share one clock, and what the conditions do not cover is not judged.
 */
import type { RunSettings, TraceEvent } from '../../trace/index.ts';
import type { ServerId } from '../../wire/index.ts';
import { Gaps } from '../gaps.ts';
import type { Outcome } from '../verdict.ts';
import { Conditions } from './conditions.ts';

/** In longest election timeouts (2T), for a leader and for an answer. */
const BOUND_TIMEOUTS = 10;

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
  /** Ticks that came half an election timeout late, freezes apart: the machine, not Raft. */
  readonly lateTicks: { readonly count: number; readonly worstMs: number };
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
  #lateTicks = { count: 0, worstMs: 0 };
  #violation: LivenessViolation | null = null;

  /** @param settings  of the run, as it began */
  constructor(settings: RunSettings) {
    this.#conditions = new Conditions(settings);
  }

  observe(event: TraceEvent): void {
    this.#nowUs = Math.max(this.#nowUs, event.timeUs);
    if (this.#gaps.hear(event)) {
      this.#isDeaf = true;
      this.#stretch = null;
    }
    if (event.event === 'TicksLate') this.#late(event.source, event.timeUs, event.lateMs);
    this.#hearCommand(event);
    const mayHaveChanged = this.#conditions.observe(event);
    if (this.#hearAllegiance(event) || mayHaveChanged) this.#look(event.timeUs);
  }

  /** As far as the run went. */
  verdict(): LivenessVerdict {
    this.#close(this.#nowUs);
    for (const [operation, sentUs] of this.#sent) {
      if (sentUs !== null) this.#judgeCommand(operation, sentUs, this.#nowUs, false);
    }
    return {
      outcome: this.#outcome(),
      ...{ leaders: this.#leaders, slowestLeaderMs: Math.round(this.#slowestLeaderUs / 1_000) },
      ...{ commands: this.#commands, lateTicks: this.#lateTicks, violation: this.#violation },
    };
  }

  #outcome(): Outcome {
    if (this.#violation !== null) return 'violated';
    if (this.#isDeaf) return 'unknown';
    return this.#leaders + this.#commands > 0 ? 'valid' : 'not-judged';
  }

  get #boundUs(): number {
    return BOUND_TIMEOUTS * this.#conditions.longestTimeoutUs;
  }

  /** What a server does late is not Raft's; its majority begins anew. */
  #late(server: ServerId, atUs: number, lateMs: number): void {
    if (!this.#conditions.explainsLateness(server, atUs - lateMs * 1_000)) {
      const { count, worstMs } = this.#lateTicks;
      this.#lateTicks = { count: count + 1, worstMs: Math.max(worstMs, lateMs) };
    }
    if (this.#stretch?.members.includes(server)) this.#stretch = { ...this.#stretch, sinceUs: atUs };
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

  /** Only for as long as a leader leads a majority that is well and that clients reach. */
  #judgeCommand(operation: string, sentUs: number, untilUs: number, isAnswered: boolean): void {
    const stretch = this.#stretch;
    if (stretch === null || !stretch.isLed || !this.#conditions.clientsReach(stretch.members)) return;
    const fromUs = Math.max(sentUs, stretch.sinceUs);
    const forUs = untilUs - fromUs;
    if (forUs > this.#boundUs) this.#broken({ what: 'no-answer', members: stretch.members, fromUs, forUs, operation });
    else if (isAnswered) this.#commands += 1;
  }

  #look(atUs: number): void {
    const members = this.#isDeaf ? null : this.#conditions.members();
    if (members === null) {
      this.#close(atUs);
      this.#stretch = null;
      return;
    }
    const isLed = this.#isLed(members);
    const before = this.#stretch;
    if (before === null || before.members.join() !== members.join()) {
      this.#close(atUs);
      this.#stretch = { members, sinceUs: atUs, isLed };
    } else if (before.isLed !== isLed) {
      if (isLed && this.#close(atUs)) {
        this.#leaders += 1;
        this.#slowestLeaderUs = Math.max(this.#slowestLeaderUs, atUs - before.sinceUs);
      }
      this.#stretch = { members, sinceUs: atUs, isLed };
    }
  }

  /** A time without a leader ends. @returns whether it was within the bound */
  #close(atUs: number): boolean {
    const stretch = this.#stretch;
    if (stretch === null || stretch.isLed) return true;
    const forUs = atUs - stretch.sinceUs;
    if (forUs <= this.#boundUs) return true;
    const { members, sinceUs: fromUs } = stretch;
    this.#broken({ what: 'no-leader', members, fromUs, forUs, operation: null });
    return false;
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

  /** The first one is kept: what follows from it is no news. */
  #broken(found: Omit<LivenessViolation, 'boundUs'>): void {
    this.#violation ??= { ...found, boundUs: this.#boundUs };
  }
}
