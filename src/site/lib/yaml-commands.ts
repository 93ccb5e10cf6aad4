/**
 * Docker commands in exercises, quizzes, choosers and the glossary: in the fields that the tests type, and in backticks within
 * the texts, such as hints and answers.
 */
import { isMap, isPair, isScalar, LineCounter, type Node, type Document, type Pair, parseDocument, visit } from 'yaml';
import { misspeltCode, misspeltCommands } from './docker-commands.ts';
import type { Placed } from './placed.ts';

/** Fields that hold lines of shell. */
const shell = ['commands', 'run'];

/** Misspelt commands in a text of YAML that its schema has accepted, each with its line. */
export function misspeltInYaml(text: string): Placed[] {
  const lines = new LineCounter();
  const problems: Placed[] = [];
  visit(parseDocument(text, { lineCounter: lines }), {
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string' || !/docker|`--/.test(node.value) || !node.range || isWrongAnswer(path)) return;
      const first = lines.linePos(node.range[0]).line;
      const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
      const isShell = fieldsOf(path).some((field) => shell.includes(field));
      node.value.split('\n').forEach((row, index) => {
        // A text in one scalar of several lines is folded: only its first line is known.
        const line = block ? first + 1 + index : first;
        const found = isShell ? misspeltCommands(row) : [...row.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => misspeltCode(code));
        for (const problem of found) problems.push({ line, text: problem });
      });
    },
  });
  return problems;
}

type Path = readonly (Document | Node | Pair)[];

function fieldsOf(path: Path): string[] {
  return path.flatMap((parent) => (isPair(parent) && isScalar(parent.key) ? [String(parent.key.value)] : []));
}

/** Whether a text is an answer of a quiz that is wrong on purpose: such a command may well not exist. */
function isWrongAnswer(path: Path): boolean {
  const fields = fieldsOf(path);
  if (fields.includes('answers')) return true;
  const option = path.findLast((parent) => isMap(parent) && parent.has('why'));
  return fields.includes('options') && !fields.includes('why') && isMap(option) && option.get('right') !== true;
}
