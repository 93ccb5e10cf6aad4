/** What YAML itself refuses in a text, or takes for something its author did not mean, and how to mend it: the parser speaks to programmers. */
import { type Document, type ErrorCode, type LineCounter, visit, type YAMLError } from 'yaml';

/** Each error follows from what it stands behind, so of those on one line only the first is told. */
export function syntaxProblems(document: Document, lines: LineCounter): string[] {
  const told = new Set<number>();
  const problems: string[] = [];
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = error.linePos?.[0] ?? lines.linePos(error.pos[0]);
    if (told.has(line)) continue;
    told.add(line);
    problems.push(`line ${line}, column ${col}: YAML cannot read this (${wordsOf(error)}); ${remedy(error)}`);
  }
  return problems.length > 0 ? problems : danglingAliases(document, lines);
}

/** A text that begins with an asterisk is an alias to YAML, a word for something further up; reading one that stands for nothing throws. */
function danglingAliases(document: Document, lines: LineCounter): string[] {
  const problems: string[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      const { line, col } = lines.linePos(alias.range?.[0] ?? 0);
      problems.push(`line ${line}, column ${col}: YAML takes “*${alias.source}” for a reference to something further up, and there is none; ${quoteAll}`);
    },
  });
  return problems;
}

const quoteAll = 'put the whole text in quotes';
const fieldsInLine = 'let the fields of one thing begin in the same column, and what belongs to one of them further in';

/** By the parser's code of the error. */
const remedies: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: `${quoteAll}: it begins with * or &, which mean something to YAML`,
  BAD_DQ_ESCAPE: 'write two backslashes, or put the text in single quotes, where a backslash is only a backslash',
  BAD_SCALAR_START: `${quoteAll}: it begins with a character that means something to YAML`,
  BLOCK_AS_IMPLICIT_KEY: 'a text with a colon and a space in it must stand in quotes, and a field within another begins on a line of its own, further in',
  BLOCK_IN_FLOW: 'between { and } a text with a colon and a space in it, or with a comma, must stand in quotes',
  DUPLICATE_KEY: 'the field is there twice: remove one, or put both into one',
  MULTILINE_IMPLICIT_KEY: `begin each field on a line of its own; ${fieldsInLine}`,
  MULTIPLE_DOCS: 'remove the line ---, behind which another file would begin',
  TAB_AS_INDENT: 'indent with spaces, two for each step',
  TAG_RESOLVE_FAILED: `${quoteAll}: it begins with !, which means something to YAML`,
};

function remedy({ code, message }: YAMLError): string {
  if (code === 'BAD_INDENT') return message.startsWith('Flow') ? 'close the { or [ that is still open; it may stand further up' : fieldsInLine;
  if (code === 'MISSING_CHAR') return message.includes('quote') ? 'close the quote that is still open; it may stand further up' : 'write a field as “name: value”, with a space behind the colon, and indent the lines of a long text further than its name';
  if (message.includes('at node end')) return `${quoteAll}, or indent the line like its neighbours; in single quotes a quote is written twice`;
  if (message.includes('block-seq-ind')) return 'begin the list on the next line';
  if (message.startsWith('Block scalar header')) return 'begin the text on the next line, further in than its name';
  return remedies[code] ?? 'look at quotes, brackets and indentation here and in the line before';
}

/** The parser's own words, without the place and the excerpt that it adds. */
function wordsOf({ message }: YAMLError): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}
