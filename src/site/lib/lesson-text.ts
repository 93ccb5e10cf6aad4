/**
 * A lesson's MDX as a list of the parts that must agree between languages, with the exercise and with the course:
 * headings, code blocks, building blocks and links, each with its line. The prose between them is not looked at.
 */
import { splitFrontmatter } from '../../shared/frontmatter.ts';

export type LessonPart =
  | { kind: 'heading'; line: number; level: number; text: string }
  | { kind: 'code'; line: number; lang: string; code: string }
  | { kind: 'component'; line: number; name: string; attributes: Record<string, string> }
  | { kind: 'link'; line: number; href: string; text: string };

export interface LessonText {
  /** What stands between the lines of `---`; empty if there is none. */
  frontmatter: Record<string, unknown>;
  /** All that stands behind it, as it is written. */
  body: string;
  /** Line of each of its fields. */
  fieldLines: Record<string, number>;
  parts: LessonPart[];
  /** The prose without code, tags and frontmatter, to count words and look at punctuation. */
  prose: { line: number; text: string }[];
}

/** Takes a lesson apart. Never throws: what cannot be read is left out, and then missed by whoever looks for it. */
export function readLesson(text: string): LessonText {
  const lines = text.split(/\r?\n/);
  const { frontmatter, headLines, body } = splitFrontmatter(text);
  const lesson: LessonText = { frontmatter, fieldLines: {}, body, parts: [], prose: [] };
  lines.slice(0, headLines).forEach((line, at) => {
    const field = /^([\w-]+):/.exec(line)?.[1];
    if (field !== undefined) lesson.fieldLines[field] = at + 1;
  });
  for (let index = headLines; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const fence = /^(\s*)(`{3,}|~{3,})\s*(\S*)/.exec(line);
    if (fence) {
      const [, indent = '', mark = '', lang = ''] = fence;
      const from = index + 1;
      do index += 1;
      while (index < lines.length && (lines[index] ?? '').trim() !== mark);
      const code = lines.slice(from, index).map((row) => (row.startsWith(indent) ? row.slice(indent.length) : row));
      lesson.parts.push({ kind: 'code', line: from, lang, code: code.join('\n') });
      continue;
    }
    if (/^(import|export)\s/.test(line)) continue;
    readProse(lesson, line, index + 1);
  }
  return lesson;
}

function readProse(lesson: LessonText, line: string, number: number): void {
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) lesson.parts.push({ kind: 'heading', line: number, level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
  const plain = line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
  for (const tag of plain.matchAll(/<([A-Z][A-Za-z]*)((?:\s+[A-Za-z-]+(?:="[^"]*"|=\{[^}]*\})?)*)\s*\/?>/g)) {
    const attributes = Object.fromEntries([...(tag[2] ?? '').matchAll(/([A-Za-z-]+)(?:="([^"]*)"|=\{([^}]*)\})?/g)].map(([, name = '', text, expression]) => [name, text ?? expression ?? '']));
    lesson.parts.push({ kind: 'component', line: number, name: tag[1] ?? '', attributes });
  }
  for (const link of plain.matchAll(/\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)/g)) {
    // The text is taken from the line itself: code in it was blanked out.
    lesson.parts.push({ kind: 'link', line: number, href: link[2] ?? '', text: line.slice(link.index + 1, link.index + 1 + (link[1]?.length ?? 0)) });
  }
  const prose = plain.replace(/<\/?[A-Za-z][^>]*>/g, ' ').replace(/\]\([^)]*\)/g, ']').replace(/^#+\s/, '').trim();
  if (prose !== '') lesson.prose.push({ line: number, text: prose });
}

/** Characters of Chinese, or words of English, that a learner reads in a minute, with thought. */
const chineseCharacters = 300;
const englishWords = 160;
/** Minutes for a task, for a question, and for a block to run and look at. */
const taskMinutes = 1;
const questionMinutes = 0.5;
const blockMinutes = 0.5;
/** In a challenge no text leads: minutes to look around and to look things up, and for a task. */
const searchMinutes = 5;
const challengeTaskMinutes = 2;

/** What there is to do beside the reading. */
export interface Work {
  /** Commands of the solution of each task. */
  solutions: readonly string[];
  questions?: number;
  kind?: 'lesson' | 'challenge';
}

/** Minutes for a newcomer to read the text, run what it shows, do its tasks and answer its questions. */
export function estimateMinutes(lesson: LessonText, { solutions, questions = 0, kind = 'lesson' }: Work): number {
  const text = lesson.prose.map((piece) => piece.text).join(' ');
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/[A-Za-z][A-Za-z'’-]*/g)?.length ?? 0;
  const tasks = kind === 'challenge' ? searchMinutes + solutions.length * challengeTaskMinutes : solutions.length * taskMinutes;
  // Whoever runs a block that is part of a solution is at work on its task.
  const solving = new Set(solutions.flatMap(commandsIn));
  const blocks = lesson.parts.filter((part) => part.kind === 'code' && part.lang === 'sh' && !commandsIn(part.code).every((line) => solving.has(line))).length;
  return Math.max(2, Math.round(chinese / chineseCharacters + words / englishWords + tasks + questions * questionMinutes + blocks * blockMinutes));
}

function commandsIn(code: string): string[] {
  return code.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/** The anchor of a heading, as the site makes it. */
export function headingAnchor(text: string): string {
  return text
    .replace(/`/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-');
}
