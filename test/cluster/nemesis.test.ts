/** The nemesis acts at its rate, undoes all its faults, and reports whether the cluster recovered. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FaultDriver, Nemesis } from '../../src/cluster/nemesis.ts';
import { drawFault, drawGapMs, type NemesisSituation } from '../../src/cluster/nemesis-plan.ts';
import { type ActionName, type Answer, type Ask, parseAsk } from '../../src/core/actions/index.ts';
import type { LabEvent } from '../../src/core/trace/index.ts';
import { createChance } from '../../src/core/wire/index.ts';
import { checkProperty } from '../helpers/property.ts';

const SERVERS = ['S1', 'S2', 'S3', 'S4', 'S5'];

/**
 * A clock and timers moved by the test: `pass` fires one timer after another and waits for the work that each began.
 */
function createTime() {
  let now = 0;
  let timers: { at: number; then: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20; round += 1) await Promise.resolve();
  };
  return {
    clock: {
      nowMs: () => now,
      after: (ms: number, then: () => void) => {
        const timer = { at: now + ms, then };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    },
    waiting: () => timers.length,
    async pass(ms: number): Promise<void> {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = next.at;
        next.then();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** A cluster that only records the actions on it. */
function stage(recovered: () => boolean = () => true) {
  const time = createTime();
  const notes: LabEvent[] = [];
  const dead = new Set<string>();
  const frozen = new Set<string>();
  const faults = new Set<string>();
  let count = 0;
  let fewest = SERVERS.length;
  const begin = (): string => {
    count += 1;
    faults.add(`F${count}`);
    return `F${count}`;
  };
  const running = () => SERVERS.filter((id) => !dead.has(id) && !frozen.has(id));
  const changed = () => {
    fewest = Math.min(fewest, running().length);
  };
  const carriedOut: { readonly [Name in ActionName]?: (ask: Ask<Name>) => Answer<Name> } = {
    kill: ({ servers }) => {
      for (const id of servers) dead.add(id);
      changed();
      return [];
    },
    restart: ({ servers }) => {
      for (const id of servers) if (!dead.delete(id)) throw new Error(`${id} is running already`);
      return [];
    },
    freeze: ({ servers }) => {
      for (const id of servers) frozen.add(id);
      changed();
      return [];
    },
    resume: ({ servers }) => {
      for (const id of servers) frozen.delete(id);
      return [];
    },
    cutOff: () => ({ fault: begin() }),
    setLinks: () => ({ fault: begin() }),
    heal: ({ fault = '' }) => ({ healed: faults.delete(fault) ? [fault] : [], resumed: [] }),
  };
  const driver: FaultDriver = {
    note: (event) => notes.push(event),
    situation: () => ({ servers: SERVERS, leader: 'S2', running: running(), canFreeze: true, electionMs: 150 }),
    isRecovered: recovered,
    act: async (name, ask) => {
      const parsed = parseAsk(name, ask);
      if (!parsed.ok) throw new Error(parsed.detail);
      const done = carriedOut[name];
      if (done === undefined) throw new Error(`random faults do not ${name}`);
      return done(ask as never) as Answer<typeof name>;
    },
    clock: time.clock,
  };
  const named = <Name extends LabEvent['event']>(name: Name) =>
    notes.filter((event): event is Extract<LabEvent, { event: Name }> => event.event === name);
  return { ...time, notes, named, dead, frozen, faults, fewest: () => fewest, nemesis: new Nemesis(driver), driver };
}

test('random faults: on → faults at the rate; each is noted before and after, and ends by itself', async () => {
  const { nemesis, pass, notes, named } = stage();
  await nemesis.start({ seed: 3, perMinute: 60 });
  await pass(60_000);
  const planned = named('NemesisPlanned');
  expect(planned.length).toBeGreaterThan(40);
  expect(planned.length).toBeLessThan(80);
  for (const { act, kind } of planned) {
    const story = notes.filter((event) => 'act' in event && event.act === act).map(({ event }) => event);
    expect(story.slice(0, 2), `act ${act}, ${kind}`).toEqual(['NemesisPlanned', 'NemesisActed']);
  }
  expect(new Set(planned.map(({ kind }) => kind))).toEqual(
    new Set(['kill', 'freeze', 'cut', 'one-way', 'delay', 'lose', 'duplicate']),
  );
  expect(named('NemesisUndone').length).toBeGreaterThan(planned.length - 10);
});

test('random faults: stopped → undone, and the recovery is awaited and noted', async () => {
  let isWhole = false;
  const { nemesis, pass, named, dead, frozen, faults, fewest, waiting } = stage(() => isWhole);
  await nemesis.start({ seed: 5, perMinute: 600 });
  await pass(20_000);
  expect(fewest()).toBe(3);
  const stopped = nemesis.stop();
  await pass(1_000);
  expect([dead.size, frozen.size, faults.size]).toEqual([0, 0, 0]);
  expect([nemesis.isOn, named('NemesisEnded')]).toEqual([true, []]);
  isWhole = true;
  await pass(100);
  await stopped;
  expect(named('NemesisEnded')).toMatchObject([{ recovered: true }]);
  expect(named('NemesisEnded')[0]?.afterMs).toBeGreaterThan(900);
  expect([nemesis.isOn, waiting()]).toEqual([false, 0]);
});

test('nemesis: no recovery within 30 election timeouts or 5 s → reports that', async () => {
  const { nemesis, pass, named } = stage(() => false);
  await nemesis.start({ seed: 1, perMinute: 60 });
  const stopped = nemesis.stop();
  await pass(6_000);
  await stopped;
  expect(named('NemesisEnded')).toMatchObject([{ recovered: false }]);
});

test('random fault: a person undid it before → noted as failed, and the next ones come', async () => {
  const { nemesis, pass, named, dead, driver } = stage();
  await nemesis.start({ seed: 2, perMinute: 60 });
  for (let second = 0; second < 60; second += 1) {
    await pass(1_000);
    for (const id of [...dead]) await driver.act('restart', { servers: [id] });
  }
  expect(named('NemesisUndone').some(({ outcome }) => outcome === 'failed')).toBe(true);
  expect(named('NemesisPlanned').length).toBeGreaterThan(40);
});

test('random faults: another rate while a fault begins → still one sequence of faults', async () => {
  let letGo: () => void = () => undefined;
  const { nemesis, pass, named, waiting, driver } = stage();
  const slow: FaultDriver = {
    ...driver,
    act: (name, ask) => new Promise((resolve) => (letGo = () => resolve(driver.act(name, ask)))),
    situation: () => ({ ...driver.situation(), running: ['S1', 'S2', 'S3'] }),
  };
  const other = new Nemesis(slow);
  await other.start({ seed: 3, perMinute: 60 });
  await pass(3_000);
  expect(named('NemesisPlanned')).toHaveLength(1);
  await other.start({ seed: 3, perMinute: 60 });
  letGo();
  await pass(0);
  // The timers are the end of the fault and the next fault.
  expect(waiting()).toBe(2);
  expect(nemesis.isOn).toBe(false);
});

test('random faults: the run ends → no further fault', async () => {
  const { nemesis, pass, notes, waiting } = stage();
  await nemesis.start({ seed: 9, perMinute: 60 });
  await pass(10_000);
  const before = notes.length;
  nemesis.close();
  await pass(60_000);
  expect([notes.length, waiting()]).toEqual([before, 0]);
  await nemesis.start({ seed: 9, perMinute: 60 });
  expect(notes.length).toBe(before);
});

describe('drawn faults', () => {
  const whole: NemesisSituation = {
    servers: SERVERS,
    leader: 'S4',
    running: SERVERS,
    canFreeze: true,
    electionMs: 150,
  };

  test('drawn faults: same seed → same faults; another seed → other faults', () => {
    const drawn = (seed: number) => {
      const chance = createChance(seed, 'nemesis');
      return Array.from({ length: 20 }, () => [drawGapMs(chance, 20), drawFault(chance, whole)]);
    };
    expect(drawn(8)).toEqual(drawn(8));
    expect(drawn(8)).not.toEqual(drawn(9));
  });

  test('drawGapMs: a rate near 0 → at most the longest time of a timer', () => {
    expect(drawGapMs(() => 0.5, 0.000_001)).toBe(2 ** 31 - 1);
  });

  test('drawn faults: any draw → a majority runs, no link to itself, duration in its limits', () => {
    const situations = fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      stopped: fc.integer({ min: 0, max: 9 }),
      leads: fc.boolean(),
      canFreeze: fc.boolean(),
      seed: fc.nat(),
    });
    const drawn = fc.property(situations, ({ size, stopped, leads, canFreeze, seed }) => {
      const servers = Array.from({ length: size }, (_, at) => `S${at + 1}`);
      const running = servers.slice(Math.min(stopped, size - 1));
      const leader = leads ? (running[0] ?? null) : null;
      const act = drawFault(createChance(seed, 'nemesis'), { servers, leader, running, canFreeze, electionMs: 150 });
      expect(act.forMs).toBeGreaterThanOrEqual(450);
      expect(act.forMs).toBeLessThanOrEqual(1_800);
      if (act.kind === 'freeze') expect(canFreeze).toBe(true);
      if (act.kind === 'kill' || act.kind === 'freeze') {
        expect(running).toContain(act.servers[0]);
        if (size > 1) expect(running.length - 1).toBeGreaterThanOrEqual(Math.floor(size / 2) + 1);
      } else if ('servers' in act) {
        expect(act.servers.length).toBeLessThan(size);
        expect(new Set(act.servers).size).toBe(act.servers.length);
      } else {
        expect(act.links.length).toBeGreaterThan(0);
        for (const link of act.links) expect(new Set(link.split('>')).size).toBe(2);
      }
    });
    checkProperty('test/cluster/nemesis.test.ts', drawn);
  });

  test('drawn faults: many draws → about half target the leader', () => {
    const chance = createChance(4, 'nemesis');
    const acts = Array.from({ length: 2_000 }, () => drawFault(chance, whole)).filter(({ kind }) => kind === 'kill');
    const leaders = acts.filter((act) => 'servers' in act && act.servers[0] === 'S4').length / acts.length;
    // Half of the draws target the leader, and a fifth of the other half hits it by chance.
    expect(leaders).toBeGreaterThan(0.5);
    expect(leaders).toBeLessThan(0.7);
  });
});
