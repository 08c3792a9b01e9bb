/**
 * The rule for plain English: comments, test titles, pages and the English words of the program use none of our private
 * phrases, a comment begins with its subject, and a title is short. Given a file's text, it returns each phrase with what
 * to write instead.
 */
import { lineAt, parsed, type SourceFile, type Violation, walk } from './house.ts';

const MAX_TITLE_LENGTH = 90;

/** Phrases a reader must decode, with what to write instead. A space in them stands for any white space. */
const RIDDLES: readonly (readonly [RegExp, string])[] = (
  [
    [
      /\bso (?:many|much|long|often)\b/gi,
      'name the quantity: "maximum number of…", "after `ms` milliseconds", "as long as"',
    ],
    [/\bwhoever\b/gi, 'name the party: "the caller", "a client", "the sender"'],
    [
      /\b(?:is|are|was|were|be|being) told\b/gi,
      'say "receives", "is answered", "is reported" or "can be distinguished"',
    ],
    [
      /\b(?:is|are|was|were) none\b(?! of)/gi,
      'say what is absent or invalid: "null when no server leads", "an invalid name"',
    ],
    [/\bwhat is there\b/gi, 'name the thing: "the existing files"'],
    [/\bnobody says\b/gi, 'say it directly: "never sent", "unknown"'],
    [/(?:^|[-.;:|] )who (?:asks|has|calls|reads)\b/gi, 'begin with a noun: "a client that asks…"'],
    [/\bnothing is (?:on|there)\b/gi, 'say when and what: "renders nothing when no fault is active"'],
    [/\b(?:bears?|bearing) witness\b/gi, 'say what it proves: "so a stale file can be detected"'],
    [/\b(?:one day|must be assumed)\b/gi, 'say who assumes what: "assume the renderer will be compromised"'],
    [/\b(?:deeds?|wish(?:es)?)\b(?!\.)/gi, 'use the term of the field: "action", "request" or "step"'],
  ] as const
).map(([phrase, advice]) => [new RegExp(phrase.source.replaceAll(' ', '\\s+'), phrase.flags), advice]);

/** Words that hide the subject of a comment's first sentence. */
const HIDDEN_SUBJECT = /^(?:What|Who|Whoever|Nobody|It)\b/;

/** Each private phrase in a comment, title, page or sentence of the program, and each title that is too long. */
export function riddlesOf(file: SourceFile): readonly Violation[] {
  if (file.path.endsWith('.md')) return phrasesOfPage(file);
  if (file.path.endsWith('.json')) return sentencesOf(file).flatMap(({ text, at }) => phrasesIn(file, text, at));
  const inComments = commentsOf(file).flatMap(({ text, at }) => phrasesIn(file, text, at));
  const inTitles = titlesOf(file).flatMap(({ text, at }) => [
    ...phrasesIn(file, text, at),
    ...lengthOf(file, text, at),
  ]);
  return [...inComments, ...inTitles];
}

/** Each comment whose first word hides the subject of its first sentence. */
export function headsOf(file: SourceFile): readonly Violation[] {
  if (/\.(?:md|json)$/.test(file.path)) return [];
  return commentsOf(file).flatMap(({ text, at }) => {
    const head = HIDDEN_SUBJECT.exec(text)?.[0];
    if (head === undefined) return [];
    return [violation(file, at, `a comment begins with "${head}": begin with its subject, "Fields of…", "Returns…"`)];
  });
}

/**
 * Violations of all files, less those that `exempt` still allows.
 *
 * @param rule  `riddlesOf` or `headsOf`
 * @returns one line for each violation, and one for each folder in `exempt` that has none or more than its number
 */
export function plainProblems(
  files: readonly SourceFile[],
  rule: (file: SourceFile) => readonly Violation[],
  exempt: Readonly<Record<string, number>> = {},
): readonly string[] {
  const left = new Map(Object.keys(exempt).map((folder) => [folder, 0]));
  const problems: string[] = [];
  for (const violation of files.flatMap(rule)) {
    const folder = Object.keys(exempt).find((prefix) => violation.path.startsWith(`${prefix}/`));
    if (folder === undefined) problems.push(`${violation.path}:${violation.line} ${violation.message}`);
    else left.set(folder, (left.get(folder) ?? 0) + 1);
  }
  for (const [folder, found] of left) {
    const allowed = exempt[folder] ?? 0;
    if (found === 0) problems.push(`${folder} has no violation left: remove it from the exceptions`);
    if (found > allowed) problems.push(`${folder} has ${found} violations, ${allowed} are allowed`);
  }
  return problems;
}

/** A comment, title or sentence, and its offset in the file. */
export interface Prose {
  readonly text: string;
  readonly at: number;
}

function phrasesIn(file: SourceFile, text: string, at: number): readonly Violation[] {
  return RIDDLES.flatMap(([riddle, advice]) =>
    [...text.matchAll(riddle)].map(([phrase]) => violation(file, at, `"${flat(phrase)}" is a riddle: ${advice}`)),
  );
}

/** Code in a page, blanked so that offsets stay: fenced blocks, code spans, targets of links. */
const PAGE_CODE = /^```[\s\S]*?^```|`[^`\n]*`|\]\([^)\n]*\)/gm;

function phrasesOfPage(file: SourceFile): readonly Violation[] {
  const prose = file.text.replace(PAGE_CODE, (code) => code.replace(/[^\n]/g, '_'));
  return RIDDLES.flatMap(([riddle, advice]) =>
    [...prose.matchAll(riddle)].map((match) =>
      violation(file, match.index + match[0].search(/\w/), `"${flat(match[0])}" is a riddle: ${advice}`),
    ),
  );
}

/** English sentences of a words file: every text in it without a Chinese character. */
function sentencesOf(file: SourceFile): readonly Prose[] {
  const texts = [...file.text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map((match) => ({ text: match[0], at: match.index }));
  return texts.filter(({ text }) => !/\p{Script=Han}/u.test(text));
}

/** A phrase on one line, without the punctuation before it. */
function flat(phrase: string): string {
  return phrase.replace(/^[-.;:|]\s+/, '').replaceAll(/\s+/g, ' ');
}

function lengthOf(file: SourceFile, title: string, at: number): readonly Violation[] {
  if (title.length <= MAX_TITLE_LENGTH) return [];
  const message = `a title of ${title.length} characters, ${MAX_TITLE_LENGTH} are the limit: "subject: condition → outcome"`;
  return [violation(file, at, message)];
}

function violation(file: SourceFile, at: number, message: string): Violation {
  return { path: file.path, line: lineAt(file.text, at), rule: 'plain', message };
}

/**
 * Comments without the asterisks and line ends that frame them, so that a phrase across two lines is found. Line comments
 * below each other are one comment.
 */
export function commentsOf(file: SourceFile): readonly Prose[] {
  const found = file.path.endsWith('.css')
    ? [...file.text.matchAll(/\/\*([\s\S]*?)\*\//g)].map((match) => ({ value: match[1] ?? '', start: match.index }))
    : joined(parsed(file).comments, file.text);
  return found.map(({ value, start }) => ({ text: value.replace(/^[\s*]+|\s*\n\s*\*?\s*/g, ' ').trim(), at: start }));
}

interface Comment {
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Line comments with nothing but white space between them become one. */
function joined(comments: readonly Comment[], text: string): readonly Comment[] {
  const found: Comment[] = [];
  for (const comment of comments) {
    const last = found.at(-1);
    const continues =
      last?.type === 'Line' && comment.type === 'Line' && text.slice(last.end, comment.start).trim() === '';
    if (continues) found[found.length - 1] = { ...last, value: `${last.value}\n${comment.value}`, end: comment.end };
    else found.push(comment);
  }
  return found;
}

const TITLED: ReadonlySet<string> = new Set(['test', 'describe', 'it']);

/**
 * First arguments of `test`, `describe` and `it`, also behind `.each(…)` and other modifiers, as they are written.
 *
 * @param functions  of these, the ones whose titles are wanted
 */
export function titlesOf(file: SourceFile, functions = TITLED): readonly Prose[] {
  return callsOf(file, functions).map(({ title, start }) => ({ text: title, at: start }));
}

/** A `describe` block: its heading, and the offsets between which its tests stand. */
export interface Block {
  readonly heading: string;
  readonly start: number;
  readonly end: number;
}

/** The `describe` blocks of a test file, an outer one before those in it. */
export function blocksOf(file: SourceFile): readonly Block[] {
  return callsOf(file, new Set(['describe'])).map(({ title, start, end }) => ({ heading: title, start, end }));
}

/** Calls of these functions with a text as first argument; `start` is the text's, `end` the call's. */
function callsOf(file: SourceFile, functions: ReadonlySet<string>) {
  if (!file.path.startsWith('test/') || file.path.endsWith('.css')) return [];
  const found: { readonly title: string; readonly start: number; readonly end: number }[] = [];
  walk(parsed(file).program, null, (node) => {
    if (node.type !== 'CallExpression' || !functions.has(rootName(node.callee))) return;
    const title = (node.arguments as readonly Literal[])[0];
    if (title === undefined) return;
    const isText = title.type === 'TemplateLiteral' || (title.type === 'Literal' && typeof title.value === 'string');
    if (!isText) return;
    found.push({ title: file.text.slice(title.start + 1, title.end - 1), start: title.start, end: node.end as number });
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
