/**
 * The rule for tables: codes of one table stand together in no other array, union, record or shared `case`. Given files, it returns
 * each place that repeats three or more codes, with what to do instead.
 *
 * A record of functions is a handler map, and a record declared `Record<…>` or as a mapped type is exhaustive: the type check names
 * each of them when a row is removed, so both are users of the table and no lists. What a test expects to happen (the argument of a
 * matcher, the rows of `test.each`) is an example and no list.
 */
import { CAPTIONS, ERRORS, EVENTS } from '../../src/core/catalogue/index.ts';
import { COMMAND_OPS, RPCS } from '../../src/core/vocabulary/index.ts';
import { lineAt, parsed, type SourceFile, walk } from './house.ts';

/** The tables, by the word for one of their codes. */
const TABLES: Readonly<Record<string, ReadonlySet<string>>> = {
  event: new Set(Object.keys(EVENTS)),
  caption: new Set(Object.keys(CAPTIONS)),
  error: new Set(Object.keys(ERRORS)),
  rpc: new Set(Object.keys(RPCS)),
  command: new Set(COMMAND_OPS),
};

/** Folders that hold the tables themselves. */
const HOMES = ['src/core/catalogue/', 'src/core/vocabulary/'];

/** Number of codes of one table that make a list. */
const LIST_LENGTH = 3;

type Node = Readonly<Record<string, unknown>>;

/** One line for each second list of these files. */
export function secondLists(
  files: readonly SourceFile[],
): readonly { readonly path: string; readonly message: string }[] {
  return files.filter(({ path }) => !HOMES.some((home) => path.startsWith(home))).flatMap(listsOf);
}

function listsOf(file: SourceFile) {
  const found: { readonly path: string; readonly message: string }[] = [];
  const { program } = parsed(file);
  const examples = examplesIn(program);
  walk(program, null, (node, parent) => {
    // A spread array is part of the array around it.
    if (parent?.type === 'SpreadElement' || isWithin(node, examples)) return;
    for (const codes of codesIn(node, parent)) {
      for (const [name, table] of Object.entries(TABLES)) {
        const same = [...new Set(codes)].filter((code) => table.has(code));
        if (same.length < LIST_LENGTH) continue;
        const line = lineAt(file.text, Number(node.start));
        const advice = `make it a column of the ${name}s' table`;
        found.push({ path: file.path, message: `${file.path}:${line} lists ${same.length} ${name} codes: ${advice}` });
      }
    }
  });
  return found;
}

type Span = readonly [start: number, end: number];

/** Stretches of a file that state what a test expects: arguments of matchers, rows of `test.each`. */
function examplesIn(program: Parameters<typeof walk>[0]): readonly Span[] {
  const spans: Span[] = [];
  walk(program, null, (node) => {
    if (node.type !== 'CallExpression') return;
    const { property } = node.callee as { readonly property?: { readonly name?: string } };
    if (!/^(to[A-Z]\w*|each|\w+Containing)$/.test(property?.name ?? '')) return;
    for (const one of node.arguments as readonly Node[]) spans.push([Number(one.start), Number(one.end)]);
  });
  return spans;
}

function isWithin({ start, end }: Node, spans: readonly Span[]): boolean {
  return spans.some(([from, to]) => Number(start) >= from && Number(end) <= to);
}

/** Groups of texts that a node lists. */
function codesIn(node: Node, parent: Node | null): readonly (readonly string[])[] {
  switch (node.type) {
    case 'ArrayExpression':
      return [textsOf(node)];
    case 'TSUnionType':
      return [(node.types as readonly Node[]).flatMap(textsOf)];
    case 'ObjectExpression':
      return isExhaustive(parent) ? [] : [dataKeysOf(node)];
    case 'SwitchStatement':
      return sharedCases(node.cases as readonly Node[]);
    default:
      return [];
  }
}

function textsOf(node: Node): readonly string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node.type === 'TSLiteralType') return textsOf(node.literal as Node);
  if (node.type === 'SpreadElement') return textsOf(node.argument as Node);
  if (node.type === 'TSAsExpression') return textsOf(node.expression as Node);
  if (node.type !== 'ArrayExpression') return [];
  return (node.elements as readonly (Node | null)[]).flatMap((element) => (element === null ? [] : textsOf(element)));
}

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression']);
const HANDLERS = new Set([...FUNCTIONS, 'Identifier', 'CallExpression']);

/** Keys of a record whose values are data, not functions. */
function dataKeysOf(node: Node): readonly string[] {
  return (node.properties as readonly Node[]).flatMap((property) => {
    if (property.type !== 'Property' || hasFunction(property.value as Node)) return [];
    const key = property.key as { readonly name?: string; readonly value?: unknown };
    return [String(key.name ?? key.value)];
  });
}

/** True for a function, a name or call that may give one, and a row that holds a function. */
function hasFunction(value: Node): boolean {
  if (HANDLERS.has(String(value.type))) return true;
  if (value.type !== 'ObjectExpression') return false;
  return (value.properties as readonly Node[]).some((one) =>
    FUNCTIONS.has(String((one.value as Node | undefined)?.type)),
  );
}

/** True for a variable whose declared type makes the compiler demand every key. */
function isExhaustive(parent: Node | null): boolean {
  const declared = (parent?.id as { readonly typeAnnotation?: unknown } | null)?.typeAnnotation;
  const shape = JSON.stringify(declared ?? null);
  return /"Record"|"TSMappedType"/.test(shape) && !/"Partial"/.test(shape) && !/"optional":true/.test(shape);
}

/** Labels of cases without a statement of their own, each group with the case whose statements they share. */
function sharedCases(cases: readonly Node[]): readonly (readonly string[])[] {
  // The compiler demands every case of a switch whose default is `unreachable`.
  const last = cases.find(({ test }) => test === null);
  if (JSON.stringify(last?.consequent ?? null).includes('"name":"unreachable"')) return [];
  const groups: string[][] = [];
  let group: string[] = [];
  for (const one of cases) {
    if (one.test !== null) group.push(...textsOf(one.test as Node));
    if ((one.consequent as readonly unknown[]).length === 0) continue;
    groups.push(group);
    group = [];
  }
  return groups;
}
