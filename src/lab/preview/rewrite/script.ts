/**
 * Gives scripts of a previewed page a `location` that they believe in, and finds what modules import.
 *
 * The frame's own `location` can be neither replaced nor listened to, and a page that follows it would leave the
 * preview. So the name is exchanged wherever it stands for the global, or for a variable of the same name, which then
 * has the other name everywhere. What is made at run time (`eval`) is not reached: then the frame's wall holds, and the
 * preview says that the page wanted to leave.
 */
import { scriptTokens, type ScriptToken } from './script-tokens.ts';

/** The global that stands for `location`. */
export const locationName = '__drydockLocation';
/** The global that stands for `import()`. */
export const importName = '__drydockImport';

/** Objects whose `.location` is the global one. */
const globals = new Set(['window', 'self', 'globalThis', 'document', 'top', 'parent', 'frames']);

export interface ScriptRewrite {
  /** Whether it is a module, where `import.meta` and imports have a meaning. */
  readonly module: boolean;
  /** Absolute address of the script, for `import()` and `import.meta.url`. */
  readonly url: string;
  /** What to import in place of a specifier; modules only. */
  readonly resolve?: (specifier: string) => string | undefined;
}

interface Bracket {
  readonly sign: string;
  /** Questions of `a ? b : c` that wait for their colon. */
  questions: number;
}

export function rewriteScript(text: string, { module, url, resolve }: ScriptRewrite): string {
  if (!/location|import/.test(text)) return text;
  const tokens = scriptTokens(text);
  const solid = tokens.flatMap((token, index) => (token.kind === 'blank' ? [] : [index]));
  const at = (place: number): ScriptToken | undefined => tokens[solid[place] ?? -1];
  const output = tokens.map((token) => token.text);
  const put = (place: number, replacement: string): void => {
    const index = solid[place];
    if (index !== undefined) output[index] = replacement;
  };
  const brackets: Bracket[] = [];
  for (let place = 0; place < solid.length; place++) {
    const token = at(place);
    if (token?.kind === 'sign') follow(brackets, token.text);
    if (token?.kind === 'name' && token.text === 'location') put(place, locationFor(at, place, brackets.at(-1)));
    if (token?.kind === 'name' && token.text === 'import') {
      if (at(place + 1)?.text === '(' && at(place - 1)?.text !== '.') put(place, `${importName}.bind(null,${JSON.stringify(url)})`);
      else if (module && at(place + 1)?.text === '.' && at(place + 2)?.text === 'meta' && at(place + 3)?.text === '.' && at(place + 4)?.text === 'url') {
        put(place, JSON.stringify(url));
        for (const next of [1, 2, 3, 4]) put(place + next, '');
      }
    }
  }
  if (module && resolve !== undefined) {
    for (const { place, specifier } of specifierPlaces(at, solid.length)) put(place, JSON.stringify(resolve(specifier) ?? specifier));
  }
  return output.join('');
}

/** What a module imports or exports from, as written, without `import()`. */
export function importedSpecifiers(text: string): string[] {
  const tokens = scriptTokens(text).filter(({ kind }) => kind !== 'blank');
  return specifierPlaces((place) => tokens[place], tokens.length).map(({ specifier }) => specifier);
}

function specifierPlaces(at: (place: number) => ScriptToken | undefined, count: number): { place: number; specifier: string }[] {
  const found: { place: number; specifier: string }[] = [];
  for (let place = 0; place < count; place++) {
    const token = at(place);
    if (token?.kind !== 'string') continue;
    const before = at(place - 1);
    const bare = before?.text === 'import' && at(place - 2)?.text !== '.';
    const from = before?.text === 'from' && belongsToImport(at, place - 2);
    if (bare || from) found.push({ place, specifier: unquote(token.text) });
  }
  return found;
}

/** Looks back from `from` for its `import` or `export`; only names and a few signs may lie between. */
function belongsToImport(at: (place: number) => ScriptToken | undefined, start: number): boolean {
  for (let place = start; place >= 0; place--) {
    const token = at(place);
    if (token?.text === 'import' || token?.text === 'export') return true;
    if (token?.kind !== 'name' && token?.kind !== 'string' && !['{', '}', ',', '*'].includes(token?.text ?? '')) return false;
  }
  return false;
}

/** Escapes in specifiers are as good as unknown; only those of quotes and backslashes are undone. */
function unquote(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1');
}

function follow(brackets: Bracket[], sign: string): void {
  const inner = brackets.at(-1);
  if (sign === '(' || sign === '[' || sign === '{') brackets.push({ sign, questions: 0 });
  else if (sign === ')' || sign === ']' || sign === '}') brackets.pop();
  else if (sign === '?' && inner !== undefined) inner.questions++;
  else if (sign === ':' && inner !== undefined && inner.questions > 0) inner.questions--;
}

function locationFor(at: (place: number) => ScriptToken | undefined, place: number, bracket: Bracket | undefined): string {
  const before = at(place - 1)?.text;
  const after = at(place + 1)?.text;
  if (before === '.' || before === '?.') {
    const owner = at(place - 2);
    const isGlobal = owner?.kind === 'name' && globals.has(owner.text) && !['.', '?.'].includes(at(place - 3)?.text ?? '');
    return isGlobal ? locationName : 'location';
  }
  // A method, or a call of something that the browser's own object is not.
  if (after === '(') return 'location';
  const inBraces = bracket?.sign === '{';
  if (after === ':' && (inBraces || before === 'case') && before !== '?' && bracket?.questions === 0) return before === 'case' ? locationName : 'location';
  // `{ location }` names a property and a variable at once.
  if (inBraces && (before === '{' || before === ',') && (after === '}' || after === ',')) return `location: ${locationName}`;
  return locationName;
}
