/** The table: as its format says, nothing lost, and nothing in it that a spreadsheet would run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import terminal from '../../../resources/words/terminal.json';
import { EXPORT_FORMATS } from '../../../src/core/catalogue/index.ts';
import { TABLE_COLUMNS, tableHeader, tableRow } from '../../../src/core/export/table.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { checkProperty } from '../../helpers/property.ts';
import { createStory, elect, startCluster } from '../trace/story.ts';

/** Reads a row of RFC 4180. It shares no code with the writer. */
function cellsOf(row: string): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < row.length - 2; at += 1) {
    const letter = row[at] ?? '';
    if (quoted && letter === '"' && row[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += letter;
  }
  expect([quoted, row.slice(-2)]).toEqual([false, '\r\n']);
  return [...cells, cell];
}

test('table: every event → as many cells as the header, the last with the rest as JSON', () => {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  expect(cellsOf(tableHeader('csv'))).toEqual(TABLE_COLUMNS);
  for (const event of story.events) {
    const cells = cellsOf(tableRow('csv', event));
    expect(cells).toHaveLength(TABLE_COLUMNS.length);
    expect([cells[0], cells[1], cells[2], cells[6]]).toEqual([
      ...[String(event.seq), String(event.timeUs), event.source, event.event],
    ]);
  }
  const granted = story.events.find(({ event }) => event === 'VoteGranted');
  expect(JSON.parse(cellsOf(tableRow('csv', granted as TraceEvent)).at(-1) ?? '')).toMatchObject({ candidate: 'S3' });
});

test('table: any text → read back unchanged, no cell begins like a formula', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('=1+1', '＝1', '＠x', '@x', '+1', '-1', '\t=1', '\r\n', '"'),
  );
  const kept = fc.property(texts, texts, (reason, message) => {
    const event = { seq: 1, timeUs: 2, source: 'lab', nseq: 1, life: 1, event: 'LabFailed', message, reason };
    const cells = cellsOf(tableRow('csv', event as unknown as TraceEvent));
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
    expect((cells[10] ?? '').replace(/^'(?=[=+\-@＝＋－＠\t\r])/, '')).toBe(reason);
    expect(JSON.parse(cells.at(-1) ?? '')).toEqual({ message });
  });
  checkProperty('test/core/export/table.test.ts', kept);
});

test('table: every column → documented', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/trace-format.md'), 'utf8');
  for (const column of TABLE_COLUMNS) expect(page).toContain(`| \`${column}\` |`);
});

test('formats: each one → named in the help of both languages and in the docs', () => {
  const { 'option-format': help } = terminal.terminal;
  const page = readFileSync(join(import.meta.dirname, '../../../docs/trace-format.md'), 'utf8');
  for (const format of EXPORT_FORMATS) {
    for (const text of Object.values(help)) expect(text).toMatch(new RegExp(`\\b${format}[:：]`));
    expect(page).toContain(`| \`${format}\` | `);
  }
});
