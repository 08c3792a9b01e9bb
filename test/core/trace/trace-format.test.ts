/** docs/trace-format.md names every event and every field of it: the page and the types cannot drift apart. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVENT_KINDS } from '../../../src/core/trace/event-kinds.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Event name → field names, from the text of the unions. Fields of an event written twice are joined. */
function declaredIn(source: string): ReadonlyMap<string, ReadonlySet<string>> {
  const declared = new Map<string, Set<string>>();
  const parts = source.split(/readonly event: '(\w+)'/);
  for (let i = 1; i < parts.length; i += 2) {
    const [name = '', rest = ''] = [parts[i], parts[i + 1]];
    const [body = ''] = rest.split(/\n\n|\n {2}\| \{|\n {2}\/\*\*/);
    const fields = [...body.matchAll(/readonly (\w+)\??:/g)].map((match) => match[1] ?? '');
    declared.set(name, new Set([...(declared.get(name) ?? []), ...fields]));
  }
  return declared;
}

/** Event name → the row of the page that describes it. */
function documentedIn(page: string): ReadonlyMap<string, string> {
  const rows = page.split('\n').flatMap((line): [string, string][] => {
    const name = /^\| `([A-Z]\w+)` \|/.exec(line)?.[1];
    return name === undefined ? [] : [[name, line]];
  });
  return new Map(rows);
}

const declared = new Map([
  ...declaredIn(read('src/core/raft/events.ts')),
  ...declaredIn(read('src/core/trace/events.ts')),
]);
const documented = documentedIn(read('docs/trace-format.md'));

describe('docs/trace-format.md', () => {
  test('the unions were understood: the same names as in the table of kinds', () => {
    expect([...declared.keys()].sort()).toEqual(Object.keys(EVENT_KINDS).sort());
    expect([...(declared.get('VoteCounted') ?? [])]).toEqual([
      'term',
      'voter',
      'granted',
      'preVote',
      'granteds',
      'needed',
    ]);
    expect(declared.get('MessageDropped')).toContain('problem');
  });

  test('every event has its row, and every row its event', () => {
    expect([...documented.keys()].sort()).toEqual([...declared.keys()].sort());
  });

  test.each([...declared])('%s: every field is in its row', (name, fields) => {
    const row = documented.get(name) ?? '';
    const missing = [...fields].filter((field) => !row.includes(`\`${field}\``));
    expect(missing).toEqual([]);
  });

  test('the envelope is described', () => {
    const page = read('docs/trace-format.md');
    for (const field of ['seq', 'timeUs', 'source', 'nseq', 'life', 'late', 'event']) {
      expect(page).toContain(`| \`${field}\` |`);
    }
  });

  test('every literal reason of the unions is on the page', () => {
    const page = read('docs/trace-format.md');
    const sources = read('src/core/raft/events.ts') + read('src/core/trace/events.ts');
    const literals = [...sources.matchAll(/'([A-Z]\d+-[\w-]+)'/g)].map((match) => match[1] ?? '');
    expect(literals.length).toBeGreaterThan(10);
    expect(literals.filter((literal) => !page.includes(`\`${literal}\``))).toEqual([]);
  });
});
