/** docs/trace-format.md must name every event of the catalogue with its fields and their fixed values. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVENT_NAMES, type EventName, eventRow, fixedValues } from '../../../src/core/catalogue/index.ts';

const page = readFileSync(new URL('../../../docs/trace-format.md', import.meta.url), 'utf8');

/** Rows of the page by event name. */
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
  test('trace-format.md: every event has a row, and every row an event', () => {
    expect([...documented.keys()].sort()).toEqual([...EVENT_NAMES].sort());
  });

  test.each(EVENT_NAMES)('trace-format.md: %s → its row names every field', (name) => {
    const row = documented.get(name) ?? '';
    expect(fieldsOf(name).filter((field) => !row.includes(`\`${field}\``))).toEqual([]);
  });

  test('trace-format.md: fixed values of fields → all are on the page', () => {
    expect(fixedValues().length).toBeGreaterThan(60);
    expect(fixedValues().filter((value) => !page.includes(`\`${value}\``))).toEqual([]);
  });

  test('trace-format.md: fields of the envelope → all are described', () => {
    for (const field of ['seq', 'timeUs', 'source', 'nseq', 'life', 'late', 'event']) {
      expect(page).toContain(`| \`${field}\` |`);
    }
  });
});
