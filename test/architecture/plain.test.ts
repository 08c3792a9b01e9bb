/** Plain English holds in the whole repository, and each of its rules finds what it must find. */
import { describe, expect, test } from 'vitest';
import { filesIn } from './files.ts';
import { headsOf, plainProblems, riddlesOf } from './plain.ts';

const code = filesIn(['src', 'test', 'scripts'], /\.(?:tsx?|mjs|css)$/);
/** Pages in English; README.zh-CN.md is Chinese. */
const pages = filesIn(['*.md'], /^(?!.*zh-CN).*\.md$/);
const words = filesIn(['resources/words'], /\.json$/);

test('comments and titles: whole repository → no private phrase, no long title', () => {
  expect(code.length).toBeGreaterThan(20);
  expect(plainProblems(code, riddlesOf)).toEqual([]);
});

test('comments: whole repository → begin with their subject', () => {
  expect(plainProblems(code, headsOf)).toEqual([]);
});

test('pages and words: all in English → no private phrase', () => {
  expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'docs/terminal.md']));
  expect(words.length).toBeGreaterThan(0);
  expect(plainProblems([...pages, ...words], riddlesOf)).toEqual([]);
});

/** One or more sentences for each phrase of RIDDLES. */
const REFUSED = [
  ...['so many seconds', 'so much later', 'for so long', 'so often'],
  ...['whoever calls', 'the lab is told', 'can be told'],
  ...['a name that is none', 'null when there is none', 'if\n * there\n * are none'],
  ...['keeps what is there', 'nobody says', 'Who asks waits', 'Waits. Who has voted stays'],
  ...['renders so: nothing is on', 'when nothing is there', 'a line bears witness', 'two lines bear witness'],
  ...['arrives one day', 'must be assumed lost', 'a deed of the person', 'the last wish counts'],
];

describe('the test of the test', () => {
  test('comment: a private phrase → refused with the phrase and what to write instead', () => {
    for (const phrase of REFUSED) {
      const found = riddlesOf({ path: 'src/peer/a.ts', text: `/** ${phrase}. */\nexport {};\n` });
      expect([phrase, found.map(({ line, rule }) => [line, rule])]).toEqual([phrase, [[1, 'plain']]]);
      expect(found[0]?.message).toMatch(/" is a riddle: \w/);
    }
    expect(riddlesOf({ path: 'scripts/a.mjs', text: 'export {};\n// Nobody says it.\n' })).toHaveLength(1);
    expect(riddlesOf({ path: 'src/renderer/a.css', text: 'a {}\n/* So many pixels. */\n' })).toHaveLength(1);
  });

  test('comment: a direct sentence, or a phrase in code → allowed', () => {
    const texts = [
      '/** A voter who has voted returns null. */',
      "const text = 'whoever';",
      '// Nonetheless it soldiers on.',
      '/** @param wish.again  prefers the last one */',
    ];
    for (const text of texts) expect(riddlesOf({ path: 'src/peer/a.ts', text })).toEqual([]);
  });

  test('page: a private phrase, across lines too → refused at its line', () => {
    for (const phrase of REFUSED) {
      const text = `# Title\n\n- ${phrase.replaceAll('\n * ', ' ')}.\n`;
      const found = riddlesOf({ path: 'docs/a.md', text });
      expect([phrase, found.map(({ line }) => line)]).toEqual([phrase, [3]]);
    }
    expect(riddlesOf({ path: 'docs/a.md', text: 'A row\nthat is\nnone.\n' }).map(({ line }) => line)).toEqual([2]);
  });

  test('page: a phrase in code, a code span or the target of a link → allowed', () => {
    const texts = ['```\nso many\n```\n', 'The field `so often`.\n', '[a list](docs/whoever.md)\n'];
    for (const text of texts) expect(riddlesOf({ path: 'docs/a.md', text })).toEqual([]);
  });

  test('words: a private phrase in an English sentence → refused; in a Chinese one → not read', () => {
    const text = '{\n  "a": { "en": "Waits so long.", "zh": "请等待 so long" }\n}\n';
    expect(riddlesOf({ path: 'resources/words/a.json', text }).map(({ line }) => line)).toEqual([2]);
  });

  test('title: over 90 characters or with a private phrase → refused', () => {
    const title = 'x'.repeat(91);
    const calls = [`test('${title}', f)`, `describe(\`${title}\`, f)`, `test.each([1])('${title}', f)`];
    for (const call of [...calls, `test.skipIf(a)('${title}', f)`, "it('the lab is told', f)"]) {
      expect([call, riddlesOf({ path: 'test/a.test.ts', text: call }).length]).toEqual([call, 1]);
    }
    expect(riddlesOf({ path: 'test/a.test.ts', text: `test('${title.slice(1)}', f); rest('${title}');` })).toEqual([]);
  });

  test('comment: its head hides the subject → refused; subject first, or a page → allowed', () => {
    const heads = ['What the lab does.', 'Whoever calls.', 'Who asks.', 'Nobody listens.', 'It ended.'];
    for (const head of heads) {
      const found = headsOf({ path: 'src/peer/a.ts', text: `/**\n * ${head}\n */\nexport {};\n// ${head}\n` });
      expect([head, found.map(({ line }) => line)]).toEqual([head, [1, 5]]);
    }
    expect(
      headsOf({ path: 'src/peer/a.ts', text: '// Whatever the lab does, it ends.\n// The lab. It ends.\n' }),
    ).toEqual([]);
    expect(headsOf({ path: 'docs/a.md', text: 'What the lab does.\n' })).toEqual([]);
  });

  test('exempt folder: above its number, or with nothing left → fails', () => {
    const two = [{ path: 'src/lab/a.ts', text: '// Whoever calls.\n// So long.\n' }];
    expect(plainProblems(two, riddlesOf, { 'src/lab': 2 })).toEqual([]);
    expect(plainProblems(two, riddlesOf, { 'src/lab': 1 })).toEqual(['src/lab has 2 violations, 1 are allowed']);
    expect(plainProblems(two, riddlesOf)).toHaveLength(2);
    const none = ['src/lab has no violation left: remove it from the exceptions'];
    expect(plainProblems([], riddlesOf, { 'src/lab': 1 })).toEqual(none);
  });
});
