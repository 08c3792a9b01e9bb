/** A YAML file as nodes with places. Maps, lists and bare values are allowed; references to other parts are not. */
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';
import { type Place, ScenarioProblem } from './problem.ts';

const MOST_CHARACTERS = 64 * 1024;
const MOST_DEPTH = 40;
const TOO_DEEP = `nested deeper than ${MOST_DEPTH} maps and lists`;

export interface Entry {
  readonly key: string;
  readonly at: Place;
  readonly value: Node | null;
}

/** The nodes of a file with their places. */
export class YamlFile {
  readonly root: Node | null;
  readonly #text: string;
  readonly #lines = new LineCounter();

  /**
   * Parses the text.
   *
   * @throws ScenarioProblem for invalid YAML, references and a file that is too large
   */
  constructor(text: string) {
    this.#text = text;
    if (text.length > MOST_CHARACTERS) {
      throw new ScenarioProblem({ line: 1, column: 1 }, `the file has more than ${MOST_CHARACTERS} characters`);
    }
    assertShallow(text);
    const parsed = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true, prettyErrors: false });
    const [error] = parsed.errors;
    if (error !== undefined) throw new ScenarioProblem(this.#placeOf(error.pos[0]), error.message);
    this.root = parsed.contents;
    visit(parsed, (_key, node, path) => {
      if (isAlias(node))
        throw this.problem(node, 'a name for another part of the file (*) is not allowed: write it out');
      if (isMap(node) || isSeq(node)) {
        const depth = path.filter((part) => isMap(part) || isSeq(part)).length;
        if (depth > MOST_DEPTH) throw this.problem(node, TOO_DEEP);
      }
    });
  }

  problem(node: Node | null, sentence: string): ScenarioProblem {
    return new ScenarioProblem(this.at(node), sentence);
  }

  at(node: Node | null): Place {
    return this.#placeOf(node?.range?.[0] ?? 0);
  }

  /**
   * Returns the entries of a map.
   *
   * @throws ScenarioProblem for any other node
   */
  entries(node: Node | null, what: string): readonly Entry[] {
    if (!isMap(node)) throw this.problem(node, `${what} should be a map (name: value)`);
    return node.items.map((pair) => this.#entryOf(pair as Pair<Node, Node | null>, what));
  }

  /**
   * Returns the items of a list.
   *
   * @throws ScenarioProblem for any other node
   */
  items(node: Node | null, what: string): readonly (Node | null)[] {
    if (!isSeq(node)) throw this.problem(node, `${what} should be a list (- …)`);
    return node.items as readonly (Node | null)[];
  }

  /** Returns a bare value as a number, text or boolean; null for any other node. */
  scalar(node: Node | null): string | number | boolean | null {
    const value = isScalar(node) ? node.value : null;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }

  isNothing(node: Node | null): boolean {
    return node === null || (isScalar(node) && node.value === null);
  }

  isList(node: Node | null): boolean {
    return isSeq(node);
  }

  isMap(node: Node | null): boolean {
    return isMap(node);
  }

  /** Returns the source text of a node in one line. */
  source(from: Place, node: Node | null): string {
    const begin = this.#lines.lineStarts[from.line - 1] ?? 0;
    const end = node?.range?.[1] ?? begin;
    return this.#text
      .slice(begin + from.column - 1, end)
      .replace(/\s+/g, ' ')
      .trim();
  }

  #entryOf({ key, value }: Pair<Node, Node | null>, what: string): Entry {
    const name = this.scalar(key);
    if (typeof name !== 'string') throw this.problem(key, `${what} has a name that is no text`);
    return { key: name, at: this.at(key), value };
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** Token of the lexer after which the next token is a scalar's text. */
const SCALAR_FOLLOWS = '\x1f';

/**
 * Refuses a text that opens too many levels with few characters. The parser recurses for each level, so thousands of
 * levels would take it seconds and exhaust its stack; the lexer does not recurse. Levels by indentation need ever
 * longer lines, so they are counted after parsing.
 *
 * @throws ScenarioProblem
 */
function assertShallow(text: string): void {
  let offset = 0;
  let flowDepth = 0;
  let blockMarks = 0;
  let isScalarNext = false;
  for (const token of new Lexer().lex(text)) {
    const isScalar = isScalarNext;
    isScalarNext = token === SCALAR_FOLLOWS;
    if (!isScalar) {
      if (token === '[' || token === '{') flowDepth += 1;
      else if (token === ']' || token === '}') flowDepth -= 1;
      else if (token.endsWith('\n')) blockMarks = 0;
      else if (flowDepth <= 0 && (token === '-' || token === '?' || token === ':')) blockMarks += 1;
    }
    if (flowDepth > MOST_DEPTH || blockMarks > MOST_DEPTH) throw new ScenarioProblem(placeIn(text, offset), TOO_DEEP);
    if (!CONTROL_TOKENS.has(token)) offset += token.length;
  }
}

/** Tokens without text: document start, error inside brackets, scalar follows. */
const CONTROL_TOKENS: ReadonlySet<string> = new Set(['\x02', '\x18', SCALAR_FOLLOWS]);

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
