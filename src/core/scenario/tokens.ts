/** The tokens of an expression. */
export interface Token {
  readonly type: 'number' | 'text' | 'name' | 'operator' | 'sign';
  readonly text: string;
}

const PATTERN = /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([A-Za-z_]\w*)|(==|!=|<=|>=|[-+*/%<>])|([()[\],]))/y;

/**
 * Splits an expression into tokens.
 *
 * @throws SyntaxError at the first character that begins no token
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < trimmed.length) {
    const at = PATTERN.lastIndex;
    const found = PATTERN.exec(trimmed);
    if (found === null) throw new SyntaxError(`"${trimmed.slice(at).trim()}" cannot be read`);
    tokens.push(tokenOf(found));
  }
  return tokens;
}

function tokenOf([, number, quoted, name, operator, sign]: RegExpExecArray): Token {
  if (number !== undefined) return { type: 'number', text: number };
  if (quoted !== undefined) return { type: 'text', text: quoted };
  if (name === 'and' || name === 'or') return { type: 'operator', text: name };
  if (name !== undefined) return { type: 'name', text: name };
  if (operator !== undefined) return { type: 'operator', text: operator };
  return { type: 'sign', text: sign ?? '' };
}
