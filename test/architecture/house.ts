/**
 * The house rules as a function: source files in, violations out. ARCHITECTURE.md has the import table
 * for people, `ROOMS` is the same table for a machine. Given texts, not paths on a disk, so that a test can show it what must fail.
 */
import { posix } from 'node:path';
import { parseSync } from 'vite';

export interface SourceFile {
  /** From the repository's top, with `/`: `src/core/raft/step.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: 'import' | 'cycle' | 'purity' | 'size' | 'function' | 'comment' | 'room' | 'plain';
  readonly message: string;
}

interface Room {
  /** Rooms it may import anything from. */
  readonly values: readonly string[];
  /** Rooms it may import only types from. */
  readonly types?: readonly string[];
  /** Of these rooms it may import only the face, `index.ts`. */
  readonly faces?: readonly string[];
  /** Single files of other rooms it may import. */
  readonly files?: readonly string[];
  /** Packages; `*` for any but electron. */
  readonly packages?: readonly string[];
  readonly node?: boolean;
}

const PURE_PACKAGES = ['valibot', 'yaml', 'edn-data'];
const judgeRooms = ['core/trace', 'core/wire'];
const judge: Room = { values: judgeRooms, packages: PURE_PACKAGES };
/** The chain is the format of a fact in the trace, not a rule: judges work it out with the same function. */
const chain = 'src/core/raft/chain.ts';
const everyCoreRoom = [
  ...[
    'vocabulary',
    'catalogue',
    'raft',
    'state-machine',
    'wire',
    'trace',
    'why',
    'check',
    'export',
    'scenario',
    'actions',
    'lab-api',
    'simulation',
    'mutants',
  ],
].map((name) => `core/${name}`);
const node = { node: true, packages: ['*'] } as const;
const door: Room = { values: ['core/lab-api', 'translations'], faces: ['lab'], ...node };
/** Rooms of the core that the rooms of the lab use. Of `core/raft` they use only the face, and types. */
const raftFace = { types: ['core/raft'], files: ['src/core/raft/index.ts'] };
const coreButRaft = everyCoreRoom.filter((room) => room !== 'core/raft');

/** The room that every other one may import, so that no row names it. */
const VOCABULARY = 'core/vocabulary';
/** The room that every other one but the vocabulary may import; `core/raft` only its types. */
const CATALOGUE = 'core/catalogue';

/** The import table: rooms of `src`, and the rooms and packages that each may import. A room that is not here may not exist. */
export const ROOMS: Readonly<Record<string, Room>> = {
  [VOCABULARY]: { values: [], packages: PURE_PACKAGES },
  [CATALOGUE]: { values: [], packages: PURE_PACKAGES },
  'core/raft': { values: [], types: [CATALOGUE] },
  'core/state-machine': { values: [], types: ['core/raft'] },
  'core/wire': { values: [], types: ['core/raft'], packages: PURE_PACKAGES },
  'core/trace': { values: ['core/wire'], types: ['core/raft'] },
  'core/why': { values: ['core/trace'] },
  'core/check': { ...judge, types: ['core/raft'], files: [chain] },
  'core/export': judge,
  'core/actions': { values: ['core/wire'], types: ['core/trace', 'core/why'], packages: PURE_PACKAGES },
  'core/scenario': {
    values: [...judgeRooms, 'core/actions'],
    packages: PURE_PACKAGES,
  },
  'core/lab-api': { values: [...judgeRooms, 'core/actions'], packages: PURE_PACKAGES },
  'core/simulation': { values: everyCoreRoom },
  'core/mutants': { values: everyCoreRoom },
  // A file that is no file is an error of the lab in every room that reads one.
  program: { values: ['core/wire'], types: ['core/trace'], files: ['src/core/lab-api/lab-problem.ts'], ...node },
  peer: {
    values: ['core/raft', 'core/state-machine', 'core/wire', 'core/mutants', 'program'],
    types: ['core/trace'],
    ...node,
  },
  network: { values: ['core/wire', 'program'], ...node },
  client: { values: ['core/wire', 'program'], types: ['core/trace'], ...node },
  load: { values: ['client', 'core/wire', 'program'], ...node },
  translations: { values: [] },
  cluster: { values: [...coreButRaft, 'client', 'program'], ...raftFace, ...node },
  recording: { values: [...coreButRaft, 'program'], ...raftFace, ...node },
  play: { values: [...coreButRaft, 'cluster', 'recording', 'program'], ...raftFace, ...node },
  lab: {
    values: [...coreButRaft, 'cluster', 'recording', 'play', 'program', 'translations'],
    ...raftFace,
    ...node,
  },
  main: { ...door, files: ['src/web-host/static-files.ts'], packages: ['*', 'electron'] },
  'web-host': door,
  cli: {
    ...door,
    values: ['core/lab-api', 'core/simulation', 'core/mutants', 'core/scenario', 'core/check', 'translations'],
    // Every start needs these, the help too; over the face of the lab it would load the whole lab.
    files: [
      'src/load/orders.ts',
      'src/core/trace/export-formats.ts',
      'src/lab/error-sentence.ts',
      'src/program/ending.ts',
    ],
  },
  preload: { values: ['core/lab-api'], packages: ['electron'] },
  renderer: { values: ['core/lab-api', 'core/trace', 'core/scenario', 'translations'], packages: ['*'] },
};

/** Folders of a room that other folders of it may not import, each with the file that may. */
const INNER_WALLS: readonly { readonly folder: string; readonly importedBy: string }[] = [
  // The picture reads the store; what panels and the store also need stands outside of it.
  { folder: 'src/renderer/stage/', importedBy: 'src/renderer/app.tsx' },
];

/** Names that would let a clock, chance or the outside into the pure core. */
const IMPURE_NAMES = new Set([
  ...['Date', 'performance', 'process', 'console', 'globalThis', 'global', 'window', 'document', 'self'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'],
  ...['fetch', 'crypto', 'require', 'Buffer', 'WebSocket', 'Worker', 'localStorage', 'navigator', 'Intl'],
]);
/** Members that bring an order that depends on the machine's locale. `Math.random` is looked for by its whole name. */
const IMPURE_MEMBERS = /^(localeCompare|toLocale\w+)$/;

const MAX_LINES = { src: 400, test: 500 } as const;
/** A function fits a screen; a component's markup is part of it. Tests may tell long stories. */
const MAX_FUNCTION_LINES = { '.ts': 70, '.tsx': 110 } as const;

/** Every way in which these files break the house rules, in file order. */
export function violations(files: readonly SourceFile[]): readonly Violation[] {
  return [
    ...files.flatMap((file) => [
      ...commentOf(file),
      ...sizeOf(file),
      ...functionsOf(file),
      ...importsOf(file),
      ...impuritiesOf(file),
    ]),
    ...cyclesIn(files),
  ];
}

/** Files of `src` that import each other, directly or over others; type imports count, since such files cannot be read alone either. */
function cyclesIn(files: readonly SourceFile[]): readonly Violation[] {
  const sources = files.filter(({ path }) => path.startsWith('src/'));
  const paths = new Set(sources.map(({ path }) => path));
  const imports = new Map(
    sources.map((file) => {
      const targets = requestsOf(file).map(({ request }) => posix.join(posix.dirname(file.path), request));
      return [file.path, targets.filter((target) => paths.has(target))];
    }),
  );
  const finished = new Set<string>();
  const found: Violation[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (finished.has(path)) return;
    const at = way.indexOf(path);
    if (at >= 0) {
      const cycle = [...way.slice(at), path].join(' → ');
      found.push({ path, line: 1, rule: 'cycle', message: `is part of an import cycle: ${cycle}` });
      return;
    }
    for (const target of imports.get(path) ?? []) visit(target, [...way, path]);
    finished.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}

/** `src/core/raft/step.ts` → `core/raft`; null for a file outside every room. */
function roomOf(path: string): string | null {
  const parts = path.split('/');
  if (parts[0] !== 'src' || parts.length < 3) return null;
  return parts[1] === 'core' ? `core/${parts[2]}` : (parts[1] ?? null);
}

function sizeOf(file: SourceFile): readonly Violation[] {
  const top = file.path.startsWith('test/') ? 'test' : 'src';
  const lines = file.text.split('\n').length - 1;
  if (lines <= MAX_LINES[top]) return [];
  return [{ path: file.path, line: 1, rule: 'size', message: `${lines} lines, ${MAX_LINES[top]} are the limit` }];
}

/** Every file says first what it is for; only a line for a tool (`// @vitest-environment`) may stand above. */
function commentOf(file: SourceFile): readonly Violation[] {
  if (/^(?:\/\/.*\n+)*\/\*\*/.test(file.text)) return [];
  return [{ path: file.path, line: 1, rule: 'comment', message: 'does not begin by saying what it is for' }];
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function functionsOf(file: SourceFile): readonly Violation[] {
  if (!file.path.startsWith('src/')) return [];
  const most = MAX_FUNCTION_LINES[file.path.endsWith('.tsx') ? '.tsx' : '.ts'];
  const found: Violation[] = [];
  walk(parsed(file).program, null, (node) => {
    if (!FUNCTIONS.has(String(node.type))) return;
    const first = lineAt(file.text, Number(node.start));
    const lines = lineAt(file.text, Number(node.end)) - first + 1;
    if (lines <= most) return;
    found.push({
      path: file.path,
      line: first,
      rule: 'function',
      message: `a function of ${lines} lines, ${most} are the limit`,
    });
  });
  return found;
}

function importsOf(file: SourceFile): readonly Violation[] {
  const name = roomOf(file.path);
  if (name === null) return [];
  const room = ROOMS[name];
  if (room === undefined) {
    return [{ path: file.path, line: 1, rule: 'room', message: `the room ${name} is not in the plan` }];
  }
  return requestsOf(file).flatMap(({ request, typeOnly, at }) => {
    const problem = forbidden({ file, name, room, request, typeOnly });
    return problem === null ? [] : [{ path: file.path, line: lineAt(file.text, at), rule: 'import', message: problem }];
  });
}

interface ImportCase {
  readonly file: SourceFile;
  readonly name: string;
  readonly room: Room;
  readonly request: string;
  readonly typeOnly: boolean;
}

function forbidden({ file, name, room, request, typeOnly }: ImportCase): string | null {
  if (request.startsWith('node:')) return room.node ? null : `${name} may not import ${request}`;
  if (!request.startsWith('.')) return forbiddenPackage(name, room, request);
  const target = posix.join(posix.dirname(file.path), request);
  if (target.startsWith('resources/')) return null;
  if (target === 'package.json' && room.node) return null;
  const wall = INNER_WALLS.find(({ folder }) => target.startsWith(folder) && !file.path.startsWith(folder));
  if (wall !== undefined && file.path !== wall.importedBy) return `only ${wall.importedBy} may import ${request}`;
  const targetRoom = roomOf(target);
  if (targetRoom === name || targetRoom === VOCABULARY || room.files?.includes(target)) return null;
  if (targetRoom === CATALOGUE && name !== VOCABULARY && name !== 'core/raft') return null;
  if (targetRoom !== null && room.values.includes(targetRoom)) return null;
  if (targetRoom !== null && room.faces?.includes(targetRoom)) {
    return target === `src/${targetRoom}/index.ts`
      ? null
      : `${name} may import ${targetRoom} only by its index.ts (${request})`;
  }
  if (targetRoom !== null && typeOnly && room.types?.includes(targetRoom)) return null;
  const only = targetRoom !== null && room.types?.includes(targetRoom) ? 'only types of ' : '';
  return `${name} may ${only === '' ? 'not import' : `import ${only}`} ${targetRoom ?? target} (${request})`;
}

function forbiddenPackage(name: string, room: Room, request: string): string | null {
  const parts = request.split('/');
  const packageName = request.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? request);
  const listed = room.packages ?? [];
  if (listed.includes(packageName)) return null;
  if (packageName !== 'electron' && listed.includes('*')) return null;
  return `${name} may not import the package ${packageName}`;
}

interface Request {
  readonly request: string;
  readonly typeOnly: boolean;
  readonly at: number;
}

function requestsOf(file: SourceFile): readonly Request[] {
  const { module } = parsed(file);
  const fromImports = module.staticImports.map((entry) => ({
    request: entry.moduleRequest.value,
    typeOnly: entry.entries.length > 0 && entry.entries.every((one) => one.isType),
    at: entry.start,
  }));
  const fromExports = module.staticExports.flatMap((statement) =>
    statement.entries.flatMap((entry) =>
      entry.moduleRequest === null || entry.moduleRequest === undefined
        ? []
        : [{ request: entry.moduleRequest.value, typeOnly: entry.isType, at: entry.start }],
    ),
  );
  const fromCalls = module.dynamicImports.map((entry) => ({
    request: file.text.slice(entry.moduleRequest.start, entry.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    typeOnly: false,
    at: entry.start,
  }));
  return [...fromImports, ...fromExports, ...fromCalls];
}

function impuritiesOf(file: SourceFile): readonly Violation[] {
  if (!roomOf(file.path)?.startsWith('core/')) return [];
  const found: Violation[] = [];
  walk(parsed(file).program, null, (node, parent, key) => {
    const name = impureName(node, parent, key);
    if (name !== null) {
      const line = lineAt(file.text, Number(node.start));
      found.push({ path: file.path, line, rule: 'purity', message: `the core may not use ${name}` });
    }
  });
  return found;
}

type AstNode = Readonly<Record<string, unknown>>;

function impureName(node: AstNode, parent: AstNode | null, key: string): string | null {
  if (node.type !== 'Identifier') return null;
  const name = String(node.name);
  const isMember = parent?.type === 'MemberExpression' && key === 'property' && parent.computed !== true;
  if (isMember && name === 'random' && isMath(parent.object)) return 'Math.random';
  if (isMember) return IMPURE_MEMBERS.test(name) ? `.${name}` : null;
  // A key, a type's member, a parameter's or a binding's own name says nothing about the outside.
  if (key === 'key' || key === 'label' || key === 'exported' || key === 'imported') return null;
  return IMPURE_NAMES.has(name) ? name : null;
}

function isMath(object: unknown): boolean {
  return (object as { readonly name?: string } | null)?.name === 'Math';
}

export function walk(
  node: unknown,
  parent: AstNode | null,
  visit: (node: AstNode, parent: AstNode | null, key: string) => void,
  key = '',
): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, parent, visit, key);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const here = node as AstNode;
  const isNode = typeof here.type === 'string';
  if (isNode) visit(here, parent, key);
  for (const [childKey, child] of Object.entries(here)) walk(child, isNode ? here : parent, visit, childKey);
}

/** Results of `parsed`: several rules read the same file, and parsing is most of their time. */
const PARSED = new WeakMap<SourceFile, ReturnType<typeof parseSync>>();

export function parsed(file: SourceFile): ReturnType<typeof parseSync> {
  const known = PARSED.get(file);
  if (known !== undefined) return known;
  const result = parseSync(file.path, file.text);
  if (result.errors.length > 0) throw new Error(`${file.path} does not parse: ${result.errors[0]?.message}`);
  PARSED.set(file, result);
  return result;
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
