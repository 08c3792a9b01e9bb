/** A run for the tests of liveness, built from events at given milliseconds. */
import { Liveness } from '../../../src/core/check/liveness/index.ts';
import type { RunSettings, TraceEvent } from '../../../src/core/trace/index.ts';
import type { LinkPolicy } from '../../../src/core/wire/index.ts';

export const SERVERS = ['S1', 'S2', 'S3'];
/** T = 300 ms: a leader is due within 6 s, and an answer within 6 s after that. */
export const SETTINGS = {
  servers: SERVERS,
  electionTicks: 30,
  heartbeatTicks: 5,
  pace: 'real',
} as unknown as RunSettings;
export const BOUND_MS = 6_000;

/** A run, built from events at given milliseconds. */
export class Run {
  readonly #liveness: Liveness;
  readonly #nseq = new Map<string, number>();

  constructor(settings = SETTINGS) {
    this.#liveness = new Liveness(settings);
  }

  at(ms: number, source: string, event: object, nseq?: number): this {
    const number = nseq ?? (this.#nseq.get(source) ?? 0) + 1;
    this.#nseq.set(source, number);
    this.#liveness.observe({ seq: 1, life: 1, nseq: number, timeUs: ms * 1_000, source, ...event } as TraceEvent);
    return this;
  }

  lab(ms: number, event: string, more: object = {}): this {
    return this.at(ms, 'lab', { event, ...more });
  }

  /** The servers have loaded their files and opened their ports; their ticks have not begun. */
  booted(ms: number, ...servers: readonly string[]): this {
    for (const server of servers) this.lab(ms, 'ServerReady', { server, ofLife: 1, port: 1 });
    return this;
  }

  went(ms: number, ...servers: readonly string[]): this {
    for (const server of servers) this.at(ms, server, { event: 'TicksBegan' });
    return this;
  }

  ready(ms: number, ...servers: readonly string[]): this {
    return this.booted(ms, ...servers).went(ms, ...servers);
  }

  link(ms: number, link: string, policy: LinkPolicy): this {
    return this.at(ms, 'network', { event: 'LinkPolicyChanged', link, policy });
  }

  elected(ms: number, leader: string, term: number, ...followers: readonly string[]): this {
    this.at(ms, leader, { event: 'LeaderElected', term });
    for (const follower of followers) this.at(ms, follower, { event: 'LeaderRecognised', term, leaderId: leader });
    return this;
  }

  verdict(untilMs: number) {
    return this.lab(untilMs, 'RunEnded').#liveness.verdict();
  }
}
