/**
 * The rule for plain English: a comment or a test title uses none of our private phrases, and a title is short. Given a
 * file's text, it returns each phrase with what to write instead.
 */
import { lineAt, parsed, type SourceFile, type Violation, walk } from './house.ts';

const MAX_TITLE_LENGTH = 90;

/** Phrases a reader must decode, with what to write instead. */
const RIDDLES: readonly (readonly [RegExp, string])[] = [
  [
    /\bso (?:many|much|long|often)\b/gi,
    'name the quantity: "maximum number of…", "after `ms` milliseconds", "as long as"',
  ],
  [/\bwhoever\b/gi, 'name the party: "the caller", "a client", "the sender"'],
  [/\b(?:is|are|was|were|be|being) told\b/gi, 'say "receives", "is answered", "is reported" or "can be distinguished"'],
  [/\b(?:is|are|was|were) none\b/gi, 'say what is absent or invalid: "null when no server leads", "an invalid name"'],
  [/\bwhat is there\b/gi, 'name the thing: "the existing files"'],
  [/\bnobody says\b/gi, 'say it directly: "never sent", "unknown"'],
  [/(?:^|[.;:]\s+)who (?:asks|has)\b/gi, 'begin with a noun: "a client that asks…"'],
];

/**
 * Folders whose comments and titles are still to be rewritten, with the most violations that each may have. Numbers only
 * go down, and a folder without a violation leaves the list.
 */
export const EXEMPT: Readonly<Record<string, number>> = {};

/** Each private phrase in a comment or title, and each title that is too long. */
export function riddlesOf(file: SourceFile): readonly Violation[] {
  const inComments = commentsOf(file).flatMap(({ text, at }) => phrasesIn(file, text, at));
  const inTitles = titlesOf(file).flatMap(({ text, at }) => [
    ...phrasesIn(file, text, at),
    ...lengthOf(file, text, at),
  ]);
  return [...inComments, ...inTitles];
}

/**
 * Violations of all files, less those that `exempt` still allows.
 *
 * @returns one line for each violation, and one for each folder in `exempt` that has none or more than its number
 */
export function plainProblems(
  files: readonly SourceFile[],
  exempt: Readonly<Record<string, number>>,
): readonly string[] {
  const left = new Map(Object.keys(exempt).map((folder) => [folder, 0]));
  const problems: string[] = [];
  for (const violation of files.flatMap(riddlesOf)) {
    const folder = Object.keys(exempt).find((prefix) => violation.path.startsWith(`${prefix}/`));
    if (folder === undefined) problems.push(`${violation.path}:${violation.line} ${violation.message}`);
    else left.set(folder, (left.get(folder) ?? 0) + 1);
  }
  for (const [folder, found] of left) {
    const allowed = exempt[folder] ?? 0;
    if (found === 0) problems.push(`${folder} has no violation left: remove it from EXEMPT`);
    if (found > allowed) problems.push(`${folder} has ${found} violations, EXEMPT allows ${allowed}`);
  }
  return problems;
}

interface Prose {
  readonly text: string;
  readonly at: number;
}

function phrasesIn(file: SourceFile, text: string, at: number): readonly Violation[] {
  return RIDDLES.flatMap(([riddle, advice]) =>
    [...text.matchAll(riddle)].map(([phrase]) =>
      violation(file, at, `"${phrase.replace(/^[.;:]\s+/, '')}" is a riddle: ${advice}`),
    ),
  );
}

function lengthOf(file: SourceFile, title: string, at: number): readonly Violation[] {
  if (title.length <= MAX_TITLE_LENGTH) return [];
  const message = `a title of ${title.length} characters, ${MAX_TITLE_LENGTH} are the limit: "subject: condition → outcome"`;
  return [violation(file, at, message)];
}

function violation(file: SourceFile, at: number, message: string): Violation {
  return { path: file.path, line: lineAt(file.text, at), rule: 'plain', message };
}

/** Comments without the asterisks and line ends that frame them, so that a phrase across two lines is found. */
function commentsOf(file: SourceFile): readonly Prose[] {
  const found = file.path.endsWith('.css')
    ? [...file.text.matchAll(/\/\*([\s\S]*?)\*\//g)].map((match) => ({ value: match[1] ?? '', start: match.index }))
    : parsed(file).comments;
  return found.map(({ value, start }) => ({ text: value.replace(/^[\s*]+|\s*\n\s*\*?\s*/g, ' ').trim(), at: start }));
}

const TITLED = new Set(['test', 'describe', 'it']);

/** First arguments of `test`, `describe` and `it`, also behind `.each(…)` and other modifiers, as they are written. */
function titlesOf(file: SourceFile): readonly Prose[] {
  if (!file.path.startsWith('test/') || file.path.endsWith('.css')) return [];
  const found: Prose[] = [];
  walk(parsed(file).program, null, (node) => {
    if (node.type !== 'CallExpression' || !TITLED.has(rootName(node.callee))) return;
    const title = (node.arguments as readonly Literal[])[0];
    if (title === undefined) return;
    const isText = title.type === 'TemplateLiteral' || (title.type === 'Literal' && typeof title.value === 'string');
    if (isText) found.push({ text: file.text.slice(title.start + 1, title.end - 1), at: title.start });
  });
  return found;
}

interface Literal {
  readonly type: string;
  readonly value?: unknown;
  readonly start: number;
  readonly end: number;
}

interface Callee {
  readonly name?: string;
  readonly object?: unknown;
  readonly callee?: unknown;
  readonly tag?: unknown;
}

/** `test` of `test`, `test.skipIf(…)`, `test.each(…)` and `` test.each`…` ``. */
function rootName(callee: unknown): string {
  let inner = callee as Callee | undefined;
  while (inner !== undefined && inner.name === undefined) inner = (inner.object ?? inner.callee ?? inner.tag) as Callee;
  return inner?.name ?? '';
}
