/** docs/trace-format.md names every event with its fields and their fixed values: the page and the catalogue cannot drift apart. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVENT_NAMES, type EventName, eventRow, fixedValues } from '../../../src/core/catalogue/index.ts';

const page = readFileSync(new URL('../../../docs/trace-format.md', import.meta.url), 'utf8');

/** Event name → the row of the page that describes it. */
const documented = new Map(
  page.split('\n').flatMap((line): [string, string][] => {
    const name = /^\| `([A-Z]\w+)` \|/.exec(line)?.[1];
    return name === undefined ? [] : [[name, line]];
  }),
);

/** Fields of both forms of an event. */
function fieldsOf(name: EventName): readonly string[] {
  const row = eventRow(name);
  return Object.keys({ ...row?.fields, ...row?.orFields });
}

describe('docs/trace-format.md', () => {
  test('events: each has its row, and each row its event', () => {
    expect([...documented.keys()].sort()).toEqual([...EVENT_NAMES].sort());
  });

  test.each(EVENT_NAMES)('%s: every field is in its row', (name) => {
    const row = documented.get(name) ?? '';
    expect(fieldsOf(name).filter((field) => !row.includes(`\`${field}\``))).toEqual([]);
  });

  test('fixed values of fields: each is on the page', () => {
    expect(fixedValues().length).toBeGreaterThan(60);
    expect(fixedValues().filter((value) => !page.includes(`\`${value}\``))).toEqual([]);
  });

  test('the envelope: each field is described', () => {
    for (const field of ['seq', 'timeUs', 'source', 'nseq', 'life', 'late', 'event']) {
      expect(page).toContain(`| \`${field}\` |`);
    }
  });
});
