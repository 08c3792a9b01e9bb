/** Every event that our programs report has exactly the fields of its row in the catalogue. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EVENT_NAMES, eventProblem, eventRow, namesWith } from '../../../src/core/catalogue/index.ts';
import { simulate } from '../../../src/core/simulation/index.ts';
import { fieldProblem, lineProblem } from '../../helpers/line-problem.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/trace-1');

describe('events of the catalogue', () => {
  test.each([1, 2, 3, 4])('simulated run: seed %i → every field of every event fits its row', (seed) => {
    const problems: string[] = [];
    simulate({ seed, steps: 1_500, onEvent: (event) => problems.push(...[fieldProblem(event) ?? []].flat()) });
    expect(problems).toEqual([]);
  });

  test.each(readdirSync(fixtures))('recording of version 1: %s → every field of every line fits its row', (name) => {
    const lines = readFileSync(join(fixtures, name, 'events.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.flatMap((line) => lineProblem(line) ?? [])).toEqual([]);
  });

  test('eventProblem: missing, wrong and unknown fields → the field is named', () => {
    const spawned = { event: 'ServerSpawned', server: 'S1', ofLife: 1, pid: 7 };
    expect(eventProblem(spawned)).toBeNull();
    expect(eventProblem({ ...spawned, pid: -1 })).toContain('field pid');
    expect(eventProblem({ ...spawned, server: 'S0' })).toContain('field server');
    expect(eventProblem({ ...spawned, more: 1 })).toContain('field more');
    const { pid, ...without } = spawned;
    expect(eventProblem(without)).toContain('field pid');
    expect(eventProblem({ event: 'NoSuchEvent' })).toContain('not in the table');
  });

  test('eventProblem: both forms of MessageDropped → accepted; a mixture → refused', () => {
    const frame = { event: 'MessageDropped', id: 'S1.1.1', link: 'S1>S2', rpc: 'Command', kind: 'request' };
    const bytes = { event: 'MessageDropped', id: '', link: 'S1>S2', rpc: null, kind: null, reason: 'malformed' };
    expect(eventProblem({ ...frame, reason: 'cut' })).toBeNull();
    expect(eventProblem({ ...bytes, bytes: 3, problem: 'no header' })).toBeNull();
    expect(eventProblem({ ...frame, reason: 'malformed' })).not.toBeNull();
  });

  test('captions in rows of events: each parameter → a required field of the event', () => {
    const repeated = EVENT_NAMES.flatMap((name) => eventRow(name)?.caption ?? []);
    expect(repeated.length).toBeGreaterThan(5);
    expect(new Set(repeated.map(({ code }) => code)).size).toBe(repeated.length);
    for (const name of EVENT_NAMES) {
      const { caption, fields = {} } = eventRow(name) ?? {};
      const given = Object.keys(caption?.params ?? {}).filter((param) => param !== 'server');
      expect(given.filter((param) => fields[param] === undefined || fields[param]?.type === 'optional')).toEqual([]);
    }
  });

  test('events of the network → no caption, not remembered: the fold looks for neither', () => {
    const rows = EVENT_NAMES.map((name) => eventRow(name)).filter((row) => row?.teller === 'network');
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter((row) => row?.caption !== undefined || row?.remembered === true)).toEqual([]);
  });

  test('eventRow: inherited property name → undefined', () => {
    expect(eventRow('toString')).toBeUndefined();
  });

  test('catalogue: events marked perMessage → also marked quiet', () => {
    expect(namesWith('perMessage').filter((name) => eventRow(name)?.quiet !== true)).toEqual([]);
    expect(EVENT_NAMES.length).toBeGreaterThan(namesWith('quiet').length);
  });
});
