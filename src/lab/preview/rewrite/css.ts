/** Finds the addresses in a style sheet, so that what they name can be fetched from the machine and put in place. */

export interface CssReference {
  /** Where the token stands in the text: `url(...)`, or the string behind `@import`. */
  readonly start: number;
  readonly end: number;
  readonly url: string;
  readonly kind: 'import' | 'resource';
}

/** The references of a style sheet or of the value of a `style` attribute, in order. Fragments of this document and `data:` are left out. */
export function cssReferences(text: string): CssReference[] {
  const found: CssReference[] = [];
  let importing = false;
  let index = 0;
  const add = (start: number, end: number, url: string): void => {
    const address = url.trim();
    if (address !== '' && !/^(#|data:|blob:|about:)/i.test(address)) found.push({ start, end, url: address, kind: importing ? 'import' : 'resource' });
    importing = false;
  };
  while (index < text.length) {
    const character = text[index];
    if (text.startsWith('/*', index)) {
      const end = text.indexOf('*/', index + 2);
      index = end < 0 ? text.length : end + 2;
    } else if (character === '"' || character === "'") {
      const string = readString(text, index);
      if (importing) add(index, string.end, string.value);
      index = string.end;
    } else if (character === '@' && /^@import(?![\w-])/i.test(text.slice(index, index + 8))) {
      importing = true;
      index += 7;
    } else if (isUrlFunction(text, index)) {
      const token = readUrl(text, index);
      add(index, token.end, token.value);
      index = token.end;
    } else {
      if (character === ';' || character === '{') importing = false;
      index++;
    }
  }
  return found;
}

/** Puts an address in the place of each reference; `undefined` keeps the place, with nothing to load. */
export function replaceReferences(text: string, references: readonly CssReference[], addressOf: (reference: CssReference) => string | undefined): string {
  let result = '';
  let from = 0;
  for (const reference of references) {
    result += `${text.slice(from, reference.start)}url("${addressOf(reference) ?? nothing[reference.kind]}")`;
    from = reference.end;
  }
  return result + text.slice(from);
}

/** Loads at once and is empty. */
const nothing = { import: 'data:text/css,', resource: 'data:,' } as const;

/** `url(` that is not the end of a longer name. */
function isUrlFunction(text: string, index: number): boolean {
  return text.slice(index, index + 4).toLowerCase() === 'url(' && !/[\w-]/.test(text[index - 1] ?? '');
}

function readUrl(text: string, start: number): { value: string; end: number } {
  let index = start + 4;
  while (/\s/.test(text[index] ?? '')) index++;
  if (text[index] === '"' || text[index] === "'") {
    const string = readString(text, index);
    const close = text.indexOf(')', string.end);
    return { value: string.value, end: close < 0 ? text.length : close + 1 };
  }
  let value = '';
  for (; index < text.length && text[index] !== ')'; index++) {
    if (text[index] === '\\') {
      const escaped = readEscape(text, index);
      value += escaped.value;
      index = escaped.end - 1;
    } else value += text[index];
  }
  return { value, end: Math.min(text.length, index + 1) };
}

/** A string that is not closed ends with its line, as in CSS. */
function readString(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let value = '';
  let index = start + 1;
  while (index < text.length) {
    const character = text[index];
    if (character === quote) return { value, end: index + 1 };
    if (character === '\n') return { value, end: index };
    if (character === '\\') {
      const escaped = readEscape(text, index);
      value += escaped.value;
      index = escaped.end;
    } else {
      value += character;
      index++;
    }
  }
  return { value, end: index };
}

function readEscape(text: string, start: number): { value: string; end: number } {
  const hex = /^[\da-f]{1,6}/i.exec(text.slice(start + 1, start + 7))?.[0];
  if (hex !== undefined) {
    const code = Number.parseInt(hex, 16);
    const end = start + 1 + hex.length;
    return { value: code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', end: /\s/.test(text[end] ?? '') ? end + 1 : end };
  }
  const next = text[start + 1];
  // A line that goes on behind a backslash.
  if (next === '\n' || next === undefined) return { value: '', end: Math.min(text.length, start + 2) };
  return { value: next, end: start + 2 };
}
