/** One directed link without sockets: order, cuts, bounds and closes, on a clock that the test moves. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NetworkEvent } from '../../src/core/catalogue/index.ts';
import {
  carries,
  type FrameHeader,
  isProblem,
  type LinkPolicy,
  type LinkShape,
  PLAIN_SHAPE,
  readHeader,
} from '../../src/core/wire/index.ts';
import { type Carrier, Link } from '../../src/network/link.ts';
import { MAX_QUEUED_BYTES, MAX_QUEUED_MESSAGES } from '../../src/network/link-queue.ts';
import { createSchedule } from '../../src/network/schedule.ts';
import { checkProperty } from '../helpers/property.ts';
import { fates, heartbeat, type Recorded } from './harness.ts';

const nowUs = (): number => Math.floor(performance.now() * 1000);

interface Bench {
  readonly link: Link;
  readonly carrier: Carrier & { now: 'open' | 'connecting' | 'gone'; unsent: number; closes: number };
  readonly delivered: string[];
  readonly events: Recorded[];
  hopMs: number;
  send(size?: number): string;
}

function createBench(): Bench {
  const events: Recorded[] = [];
  const delivered: string[] = [];
  const carrier: Bench['carrier'] = {
    now: 'open',
    unsent: 0,
    closes: 0,
    state: () => carrier.now,
    send: (frame) => delivered.push(headerOf(frame.toString()).id),
    close: () => {
      carrier.closes += 1;
    },
    unsentBytes: () => carrier.unsent,
  };
  const report = (event: NetworkEvent, timeUs = nowUs()): void => {
    events.push({ ...event, timeUs, nseq: events.length + 1, life: 1 } as Recorded);
  };
  const link = new Link({
    id: 'S1>S2',
    nowUs,
    seed: 7,
    speed: () => ({ hopDelayUs: bench.hopMs * 1000, jitterUs: 0, lossPercent: 0 }),
    schedule: createSchedule(nowUs),
    // The parameter's type enforces that each report is a NetworkEvent of the trace.
    reporter: { report, flush: () => undefined },
  });
  const bench: Bench = {
    link,
    carrier,
    delivered,
    events,
    hopMs: 0,
    send(size) {
      const { id, text } = heartbeat('S1', 'S2');
      const frame = Buffer.from(size === undefined ? text : text.padEnd(size));
      link.accept({ header: { ...headerOf(text), sentUs: nowUs() }, frame }, carrier);
      return id;
    },
  };
  return bench;
}

function headerOf(text: string): FrameHeader {
  const read = readHeader(text);
  if (isProblem(read)) throw new Error(read.problem);
  return read.header;
}

let bench: Bench;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  bench = createBench();
});
afterEach(() => vi.useRealTimers());

describe('hop delay', () => {
  test('link: no hop delay → message handed over in the same turn', () => {
    const id = bench.send();
    expect(bench.delivered).toEqual([id]);
  });

  test('link: hop delay → message handed over when it is due, not earlier', () => {
    bench.hopMs = 200;
    const id = bench.send();
    vi.advanceTimersByTime(199);
    expect(bench.delivered).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(bench.delivered).toEqual([id]);
    expect(bench.events[0]).toMatchObject({ event: 'MessageSent', dueUs: (bench.events[0]?.timeUs ?? 0) + 200_000 });
  });

  test('link: shorter hop delay → applies to new messages, which do not overtake', () => {
    bench.hopMs = 200;
    const slow = bench.send();
    bench.hopMs = 0;
    const fast = bench.send();
    expect(bench.delivered).toEqual([]);
    vi.advanceTimersByTime(201);
    expect(bench.delivered).toEqual([slow, fast]);
    const last = bench.send();
    expect(bench.delivered).toEqual([slow, fast, last]);
  });

  test('link: a thousand delayed messages → one timer', () => {
    bench.hopMs = 200;
    for (let at = 0; at < 1000; at += 1) bench.send();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(201);
    expect(bench.delivered).toHaveLength(1000);
  });
});

describe('cut', () => {
  test('cut link: close arrives → held until heal, then passed on once', () => {
    bench.link.setPolicy({ mode: 'cut' });
    bench.link.acceptClose(bench.carrier);
    vi.advanceTimersByTime(10_000);
    expect(bench.carrier.closes).toBe(0);
    bench.link.setPolicy({ mode: 'pass' });
    expect(bench.carrier.closes).toBe(1);
  });

  test('cut link: close already queued → held as well', () => {
    bench.hopMs = 200;
    bench.link.acceptClose(bench.carrier);
    bench.link.setPolicy({ mode: 'cut' });
    vi.advanceTimersByTime(10_000);
    expect(bench.carrier.closes).toBe(0);
    bench.link.setPolicy({ mode: 'pass' });
    expect(bench.carrier.closes).toBe(1);
  });

  test('link: close behind messages on an open link → passed on after them', () => {
    bench.hopMs = 200;
    const id = bench.send();
    bench.link.acceptClose(bench.carrier);
    vi.advanceTimersByTime(199);
    expect([bench.delivered, bench.carrier.closes]).toEqual([[], 0]);
    vi.advanceTimersByTime(2);
    expect([bench.delivered, bench.carrier.closes]).toEqual([[id], 1]);
  });
});

describe('hold', () => {
  test('held link: messages and closes → kept until the hold ends, then passed on in order', () => {
    bench.link.setPolicy({ mode: 'hold' });
    const ids = [bench.send(), bench.send()];
    bench.link.acceptClose(bench.carrier);
    vi.advanceTimersByTime(10_000);
    expect([bench.delivered, bench.carrier.closes]).toEqual([[], 0]);
    bench.link.setPolicy({ mode: 'pass' });
    expect([bench.delivered, bench.carrier.closes]).toEqual([ids, 1]);
  });

  test('held link: more messages than the bound → the excess is dropped', () => {
    bench.link.setPolicy({ mode: 'hold' });
    for (let at = 0; at < MAX_QUEUED_MESSAGES; at += 1) bench.send();
    const extra = bench.send();
    expect(fates(bench.events)[extra]).toEqual(['sent', 'queue-full']);
  });

  test('held link: becomes cut → held messages are lost, the close is kept', () => {
    bench.link.setPolicy({ mode: 'hold' });
    const id = bench.send();
    bench.link.acceptClose(bench.carrier);
    bench.link.setPolicy({ mode: 'cut' });
    expect(fates(bench.events)).toEqual({ [id]: ['sent', 'cut'] });
    bench.link.setPolicy({ mode: 'hold' });
    expect(bench.carrier.closes).toBe(0);
    bench.link.setPolicy({ mode: 'pass' });
    expect(bench.carrier.closes).toBe(1);
  });
});

describe('shape', () => {
  const shaped = (shape: Partial<LinkShape>): LinkPolicy => {
    const whole = { ...PLAIN_SHAPE, ...shape };
    return { mode: 'shape', requests: whole, replies: whole };
  };

  test('shaped link: shape set → applies to messages from now on', () => {
    const first = bench.send();
    bench.link.setPolicy(shaped({ lossPercent: 100 }));
    const second = bench.send();
    bench.link.setPolicy(shaped({ delayMs: 50 }));
    const third = bench.send();
    vi.advanceTimersByTime(49);
    expect(bench.delivered).toEqual([first]);
    vi.advanceTimersByTime(2);
    expect(bench.delivered).toEqual([first, third]);
    expect(fates(bench.events)[second]).toEqual(['sent', 'lost']);
  });

  test('shaped link: shape ends while a message is delayed → later ones still overtake it', () => {
    bench.link.setPolicy(shaped({ reorderPercent: 100, reorderMinMs: 200, reorderMaxMs: 200 }));
    const late = bench.send();
    bench.link.setPolicy({ mode: 'pass' });
    const early = bench.send();
    expect(bench.delivered).toEqual([early]);
    vi.advanceTimersByTime(201);
    expect(bench.delivered).toEqual([early, late]);
  });

  test('shaped link: duplicates → copies counted when sent, and one end reported for each', () => {
    bench.link.setPolicy(shaped({ duplicatePercent: 100 }));
    const id = bench.send();
    expect(bench.delivered).toEqual([id, id]);
    expect(bench.events[0]).toMatchObject({ event: 'MessageSent', copies: 2 });
    expect(fates(bench.events)).toEqual({ [id]: ['sent', 'delivered', 'delivered'] });
  });

  test('shaped link: close behind a delayed message → passed on after that message', () => {
    bench.link.setPolicy(shaped({ reorderPercent: 100, reorderMinMs: 300, reorderMaxMs: 300 }));
    const late = bench.send();
    bench.link.setPolicy({ mode: 'pass' });
    bench.link.acceptClose(bench.carrier);
    vi.advanceTimersByTime(299);
    expect([bench.delivered, bench.carrier.closes]).toEqual([[], 0]);
    vi.advanceTimersByTime(2);
    expect([bench.delivered, bench.carrier.closes]).toEqual([[late], 1]);
  });
});

describe('receiver', () => {
  test('link: receiver still connecting → gets the waiting messages in order', () => {
    bench.carrier.now = 'connecting';
    const ids = [bench.send(), bench.send()];
    vi.advanceTimersByTime(5000);
    expect(bench.delivered).toEqual([]);
    bench.carrier.now = 'open';
    bench.link.resume();
    expect(bench.delivered).toEqual(ids);
  });

  test('link: receiver unreachable → waiting messages dropped', () => {
    bench.carrier.now = 'connecting';
    const id = bench.send();
    bench.carrier.now = 'gone';
    bench.link.resume();
    expect(fates(bench.events)).toEqual({ [id]: ['sent', 'receiver-gone'] });
  });

  test('link: receiver does not read → at most the bound of messages is kept', () => {
    bench.carrier.now = 'connecting';
    for (let at = 0; at < MAX_QUEUED_MESSAGES; at += 1) bench.send();
    const extra = bench.send();
    const dropped = Object.entries(fates(bench.events)).filter(([, fate]) => fate.includes('queue-full'));
    expect(dropped).toEqual([[extra, ['sent', 'queue-full']]]);
  });

  test('link: receiver does not read → at most the bound of bytes is kept, its socket included', () => {
    bench.hopMs = 10;
    bench.carrier.unsent = MAX_QUEUED_BYTES - 1000;
    const [fits, tooMuch] = [bench.send(900), bench.send(900)];
    expect(fates(bench.events)).toEqual({ [fits]: ['sent'], [tooMuch]: ['sent', 'queue-full'] });
  });

  test('link: one message larger than the bound, queue empty → delivered', () => {
    const id = bench.send(MAX_QUEUED_BYTES + 1000);
    expect(bench.delivered).toEqual([id]);
  });
});

const percentages = fc.constantFrom(0, 30, 100);
const shapes = fc.record<LinkShape>({
  delayMs: fc.nat(100),
  jitterMs: fc.constantFrom(0, 0, 50),
  lossPercent: percentages,
  duplicatePercent: percentages,
  reorderPercent: percentages,
  reorderMinMs: fc.nat(50),
  reorderMaxMs: fc.integer({ min: 50, max: 150 }),
});
const policies = fc.oneof(
  fc.constantFrom<LinkPolicy>({ mode: 'pass' }, { mode: 'cut' }, { mode: 'hold' }),
  fc.record({ mode: fc.constant('shape' as const), requests: shapes, replies: shapes }),
);

test('link: any schedule → copies end once, in order unless reordered, not early or across a cut', () => {
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ do: 'send' as const }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(300) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pace' as const), ms: fc.nat(200) }) },
    fc.record({ do: fc.constant('policy' as const), policy: policies }),
    fc.record({
      do: fc.constant('receiver' as const),
      state: fc.constantFrom('open' as const, 'connecting' as const, 'gone' as const),
    }),
  );
  checkProperty(
    'test/network/link.test.ts',
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      bench = createBench();
      const { link, carrier, delivered, events, send } = bench;
      const sent: string[] = [];
      /** Messages that may overtake others and be overtaken. */
      const loose = new Set<string>();
      let policy: LinkPolicy = { mode: 'pass' };
      for (const each of acts) {
        const before = delivered.length;
        if (each.do === 'send') {
          const id = send();
          sent.push(id);
          const { jitterMs, reorderPercent } = policy.mode === 'shape' ? policy.requests : PLAIN_SHAPE;
          if (jitterMs > 0 || reorderPercent > 0) loose.add(id);
        } else if (each.do === 'wait') vi.advanceTimersByTime(each.ms);
        else if (each.do === 'pace') bench.hopMs = each.ms;
        else if (each.do === 'policy') {
          policy = each.policy;
          link.setPolicy(policy);
        } else {
          carrier.now = each.state;
          if (each.state !== 'connecting') link.resume();
        }
        if (!carries(policy) || carrier.now !== 'open') expect(delivered.length).toBe(before);
      }
      // At the end the link is healed, so the waiting messages arrive.
      carrier.now = 'open';
      link.setPolicy({ mode: 'pass' });
      link.resume();
      vi.advanceTimersByTime(1000);

      const ends = fates(events);
      expect(Object.keys(ends)).toEqual(sent);
      const copies = new Map(
        events.map((event) => (event.event === 'MessageSent' ? [event.id, event.copies ?? 1] : ['', 0])),
      );
      for (const [id, fate] of Object.entries(ends)) {
        expect(fate.length).toBe(1 + (copies.get(id) ?? 0));
        for (const end of fate.slice(1)) expect(end).toMatch(/^(delivered|cut|lost|receiver-gone)$/);
      }
      expect(delivered.length).toBe(
        Object.values(ends)
          .flat()
          .filter((end) => end === 'delivered').length,
      );
      const ordered = [...new Set(delivered)].filter((id) => !loose.has(id));
      expect(ordered).toEqual(sent.filter((id) => !loose.has(id) && ends[id]?.includes('delivered')));
      const due = new Map(events.map((event) => (event.event === 'MessageSent' ? [event.id, event.dueUs] : ['', 0])));
      for (const event of events) {
        // The event has the first copy's due time; a jittered second copy may be due earlier.
        if (event.event === 'MessageDelivered' && !loose.has(event.id))
          expect(event.timeUs).toBeGreaterThanOrEqual(due.get(event.id) ?? 0);
      }
    }),
  );
});
