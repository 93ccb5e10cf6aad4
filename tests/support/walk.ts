/**
 * A learner who walks through a lesson: types every block of it as its Run button does, and solves each task where it stands in
 * the text; files that the text shows he writes as the solution does. What is on the screen is written down, so that its author can
 * read what the reader will see.
 */
import type { Exercise, Task } from '../../src/checkers/schema.ts';
import { publishedStart } from '../../src/site/lib/published.ts';
import type { LessonText } from '../../src/site/lib/lesson-text.ts';
import { typedIn } from './lessons.ts';
import { startMachine } from './machine.ts';
import { Player } from './player.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Terminal } from './terminal.ts';

/** After that long without a prompt a command is taken for one that goes on until it is interrupted. */
const commandMilliseconds = 120_000;
/** The same for what installs packages. */
const installationMilliseconds = 480_000;
const installation = /\b(apt|apt-get|dnf|rpm|yum|get-docker\.sh)\b/;
/** From the deed to its mark; the tracker looks at files every four seconds, by commands that take some on a busy computer. */
const noticeMilliseconds = 15_000;
/** For each way to end it. */
const endMilliseconds = 15_000;

/** Languages of files that the reader is asked to write. */
const fileLanguages: ReadonlySet<string> = new Set(['dockerfile', 'yaml']);

/** Ctrl-C; the key that leaves a pager; end of input; what leaves `docker attach`; what leaves nano without saving. */
const waysOut = [
  { keys: '\x03', name: 'Ctrl-C' },
  { keys: 'q', name: 'q' },
  { keys: '\x04', name: 'Ctrl-D' },
  { keys: '\x10\x11', name: 'Ctrl-P Ctrl-Q' },
  { keys: '\x18n', name: 'Ctrl-X n' },
] as const;

/** What may be meant, or a mistake of the lesson. */
const suspicious = /command not found|not found in \$PATH|No such file|no such (file|container|image|network|volume)|Error response|Error:|error:|denied|unknown (flag|command|shorthand)|invalid |Usage:|cannot |Cannot |failed/;

export interface Walk {
  /** What was typed and printed, with a line of its own for whatever was noticed, which begins with `!!`. */
  transcript: string;
  /** The noticed lines alone. */
  noticed: string[];
}

export async function walkThrough(exercise: Exercise, lesson: LessonText): Promise<Walk> {
  const lines: string[] = [];
  const noticed: string[] = [];
  const notice = (text: string): void => {
    lines.push(`!! ${text}`);
    noticed.push(text);
  };
  let player: Player | undefined;
  const start = await publishedStart(exercise);
  const machine = await startMachine({ ...surroundingsOf(exercise, (access) => player?.heard(access)), start });
  try {
    player = await (start ? Player.start(machine, exercise, []) : Player.prepare(machine, exercise));
    for (const [at, part] of lesson.parts.entries()) {
      const noticeHere = (text: string): void => notice(`line ${part.line}: ${text}`);
      if (part.kind === 'heading') lines.push('', `${'#'.repeat(part.level)} ${part.text}`);
      else if (part.kind === 'code') await typeAll(player.terminal, typedAt(part, nextTask(lesson, at, exercise)), lines, noticeHere);
      else if (part.kind === 'component' && part.name === 'Task') await solve(player, exercise, part.attributes['id'] ?? '', lines, noticeHere);
    }
  } finally {
    player?.end();
    await machine.stop();
  }
  return { transcript: `${lines.join('\n').trim()}\n`, noticed };
}

/** What the reader types at a block of the text; nothing where it only shows something. */
function typedAt({ lang, code }: Extract<LessonText['parts'][number], { kind: 'code' }>, next: Task | undefined): string[] {
  if (lang === 'sh') return code.split('\n');
  if (lang === 'console') return code.split('\n').flatMap((line) => typedIn(line) ?? []);
  return fileLanguages.has(lang) ? writing(next) : [];
}

function nextTask({ parts }: LessonText, after: number, exercise: Exercise): Task | undefined {
  for (const part of parts.slice(after)) {
    if (part.kind === 'component' && part.name === 'Task') return exercise.tasks.find(({ id }) => id === part.attributes['id']);
  }
  return undefined;
}

/** What the solution of a task does before it first calls Docker: it writes the files that the text above the task shows. */
function writing(task: Task | undefined): string[] {
  const all = statements(task?.solution.commands.trim().split('\n') ?? []);
  const first = all.findIndex((statement) => /^(\w+=\S* )*docker /.test(statement));
  return first === -1 ? all : all.slice(0, first);
}

async function solve(player: Player, exercise: Exercise, id: string, lines: string[], notice: (text: string) => void): Promise<void> {
  const task = exercise.tasks.find((candidate) => candidate.id === id);
  if (task === undefined) return;
  lines.push('', `-- task ${id}: ${task.title.en}`);
  await backToTheLearner(player.terminal, notice);
  // The blocks before it may have done it.
  let done = await isDone(player, id, noticeMilliseconds);
  if (!done) {
    await typeAll(player.terminal, task.solution.commands.trim().split('\n'), lines, notice);
    done = await isDone(player, id);
  }
  if (done) lines.push('-- done');
  else notice(`task ${id} is not done: ${JSON.stringify(player.state(id))}`);
}

function isDone(player: Player, id: string, timeoutMs?: number): Promise<boolean> {
  return player.until(id, ({ kind }) => kind === 'done', timeoutMs).then(() => true, () => false);
}

/** The text leads out of a container in words, or in the block that follows. */
async function backToTheLearner(terminal: Terminal, notice: (text: string) => void): Promise<void> {
  for (let depth = 0; depth < 3 && !terminal.atLearnersPrompt; depth += 1) {
    notice('the shell of a container is open before a task; it is left by “exit”');
    await terminal.run('exit', { timeoutMs: endMilliseconds });
  }
}

/** Lines as the shell takes them: what ends with a backslash goes on in the next one, a here-document up to its last line. */
function statements(lines: readonly string[]): string[] {
  const whole: string[] = [];
  let open: string[] = [];
  let end: string | undefined;
  for (const line of lines) {
    open.push(line);
    end ??= /<<-?\s*['"]?(\w+)/.exec(line)?.[1];
    if (end === undefined ? line.endsWith('\\') : line !== end) continue;
    whole.push(open.join('\r'));
    open = [];
    end = undefined;
  }
  return open.length === 0 ? whole : [...whole, open.join('\r')];
}

async function typeAll(terminal: Terminal, typed: readonly string[], lines: string[], notice: (text: string) => void): Promise<void> {
  for (const command of statements(typed)) {
    if (command.trim() === '') continue;
    lines.push(`$ ${command.replaceAll('\r', '\n')}`);
    const printed = lastFrame(await typeOne(terminal, command, notice));
    if (printed !== '') lines.push(printed);
    const trouble = printed.split('\n').find((line) => suspicious.test(line));
    if (trouble !== undefined) notice(`“${command}” printed: ${trouble.trim()}`);
  }
}

/** A build draws its progress again and again; what stays on the screen is the last one. */
function lastFrame(printed: string): string {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line.startsWith('[+] '));
  const last = lines.findLastIndex((line) => line.startsWith('[+] '));
  return [...lines.slice(0, Math.max(first, 0)), ...lines.slice(Math.max(last, 0))].join('\n');
}

async function typeOne(terminal: Terminal, command: string, notice: (text: string) => void): Promise<string> {
  const timeoutMs = installation.test(command) ? installationMilliseconds : commandMilliseconds;
  try {
    return await terminal.run(command, { timeoutMs });
  } catch {
    // Its end is brought about below.
  }
  for (const { keys, name } of waysOut) {
    const seen = terminal.text;
    terminal.press(keys);
    try {
      await terminal.untilPrompt(seen.length, { timeoutMs: endMilliseconds });
      notice(`“${command}” went on for ${timeoutMs / 1000} s and was ended by ${name}`);
      return terminal.text;
    } catch {
      // The next one.
    }
  }
  throw new Error(`“${command}” could not be ended. The terminal:\n${terminal.text.slice(-2000)}`);
}
