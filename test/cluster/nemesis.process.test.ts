/**
 * The nemesis on real processes kills, freezes and cuts. Afterwards the cluster has recovered and holds every
 * acknowledged command.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_NAMES } from '../../src/core/catalogue/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { lineProblem } from '../helpers/line-problem.ts';
import { startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
afterAll(async () => await bundle.remove());

test('random faults: clients continue; stopped → all servers have each acknowledged command once', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-nemesis-'));
  const live = await startLab({ dataFolder, programs: bundle, choice: { pace: 'real', preset: 'production' } });
  try {
    await live.until('a leader', ({ leader }) => leader !== null);
    expect(await live.ask('setRandomFaults', { perMinute: 120, seed: 11 })).toEqual({ seed: 11 });
    const acknowledged: string[] = [];
    const isOn = () => live.view().nemesis === null || (live.view().nemesis?.acts ?? 0) < 15;
    for (let at = 0; isOn(); at += 1) {
      const token = `${at};`;
      const answer = await live.ask('submit', { command: { op: 'append', key: 'k', value: token } });
      if (answer.outcome === 'done') acknowledged.push(token);
    }
    await live.ask('setRandomFaults', { perMinute: 0, seed: null });
    await live.until('its end', ({ nemesis }) => nemesis === null);
    const { events } = await live.ask('events', { names: EVENT_NAMES.filter((name) => name.startsWith('Nemesis')) });
    expect(events.at(-1)).toMatchObject({ event: 'NemesisEnded', recovered: true });
    expect(events.filter(({ event }) => event === 'NemesisPlanned').length).toBeGreaterThanOrEqual(15);
    const view = live.view();
    expect(Object.values(view.servers).map(({ status }) => status)).toEqual(live.servers.map(() => 'up'));
    expect(Object.values(view.links).every(({ policy }) => policy.mode === 'pass')).toBe(true);
    // A read is ordered after all writes. Each store is asked once its server has applied what the leader has.
    const read = await live.ask('submit', { command: { op: 'get', key: 'k' } });
    const index = read.outcome === 'done' ? read.index : Number.NaN;
    await live.until('the read everywhere', ({ servers }) =>
      live.servers.every((id) => (servers[id]?.lastApplied ?? 0) >= index),
    );
    const stores = await live.ask('stores', { limit: 10 });
    for (const id of live.servers) {
      const tokens = (stores[id]?.items.find(({ key }) => key === 'k')?.value ?? '').split(/(?<=;)/);
      expect(new Set(tokens).size, `${id} applied one twice`).toBe(tokens.length);
      expect(tokens, id).toEqual(expect.arrayContaining(acknowledged));
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    await live.close();
    const lines = readFileSync(join(dataFolder, 'runs', live.runId, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.flatMap((line) => lineProblem(line) ?? [])).toEqual([]);
  } finally {
    await live.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
  expect(processesOf(live.runId)).toEqual([]);
});
