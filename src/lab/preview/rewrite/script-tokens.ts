/**
 * Cuts JavaScript into tokens, as far as is needed to know names from strings, comments, templates and regular
 * expressions. Nothing is parsed: text that is no JavaScript gives tokens too.
 */

export interface ScriptToken {
  readonly kind: 'name' | 'string' | 'template' | 'regex' | 'number' | 'sign' | 'blank';
  readonly text: string;
}

/** After these names a slash begins a regular expression, not a division. */
const beforeRegex = new Set(['return', 'typeof', 'instanceof', 'in', 'of', 'new', 'delete', 'void', 'throw', 'case', 'do', 'else', 'yield', 'await']);

const blank = /\s+|\/\/[^\n\u2028\u2029]*|\/\*[\s\S]*?(?:\*\/|$)|^#![^\n]*/y;
const name = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /\.?\d(?:[eE][+-]|[\w.])*/y;
const string = /"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/y;
const regex = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[\p{ID_Continue}]*/uy;
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y;

/** All tokens in order; put together they are the text again. */
export function scriptTokens(text: string): ScriptToken[] {
  const tokens: ScriptToken[] = [];
  /** For each open brace whether it belongs to `${` of a template. */
  const braces: boolean[] = [];
  let index = 0;
  let before: ScriptToken | undefined;
  const push = (kind: ScriptToken['kind'], token: string): void => {
    tokens.push({ kind, text: token });
    if (kind !== 'blank') before = tokens.at(-1);
    index += token.length;
  };
  const template = (start: number): void => {
    const part = match(templatePart, text, start) ?? '';
    const whole = text.slice(index, start) + part;
    if (part.endsWith('${')) braces.push(true);
    push('template', whole === '' ? (text[index] ?? '') : whole);
  };
  while (index < text.length) {
    const character = text[index] ?? '';
    const space = match(blank, text, index);
    if (space !== undefined && space !== '') push('blank', space);
    else if (character === '"' || character === "'") push('string', match(string, text, index) ?? character);
    else if (character === '`') template(index + 1);
    else if (character === '}' && braces.pop() === true) template(index + 1);
    else if (character === '{') {
      braces.push(false);
      push('sign', '{');
    } else if (character === '/' && startsRegex(before)) {
      const literal = match(regex, text, index);
      push(literal === undefined ? 'sign' : 'regex', literal ?? '/');
    } else {
      const word = match(name, text, index);
      const digits = word === undefined ? match(number, text, index) : undefined;
      if (word !== undefined) push('name', word);
      else if (digits !== undefined) push('number', digits);
      else push('sign', sign(text, index));
    }
  }
  return tokens;
}

/** Only the signs of more than one character that matter to a reader of names. */
function sign(text: string, index: number): string {
  return ['...', '?.', '??', '=>', '==', '++', '--'].find((candidate) => text.startsWith(candidate, index) && !(candidate === '?.' && /\d/.test(text[index + 2] ?? ''))) ?? String.fromCodePoint(text.codePointAt(index) ?? 0);
}

function match(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}

function startsRegex(before: ScriptToken | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'name') return beforeRegex.has(before.text);
  if (before.kind === 'sign') return ![')', ']', '}', '++', '--'].includes(before.text);
  if (before.kind === 'template') return before.text.endsWith('${');
  return false;
}
