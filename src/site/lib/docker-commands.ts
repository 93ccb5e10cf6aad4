/**
 * Whether a line of shell calls Docker's client as it is in the machine's image: a misspelt command or option in a lesson is
 * found when the lesson is checked, not by the first learner who copies it.
 */
import { nearest, suggestion } from '../../shared/spelling.ts';
import { readDockerClient } from './docker-client.ts';

/** What the client understands and its help leaves out. */
const hidden = { 'buildx debug': '', 'buildx install': '', 'buildx uninstall': '', run: '--net= --net-alias=', create: '--net= --net-alias=' };

const { commands } = readDockerClient();

/** Options of each command by its name; whether they take a value. */
const optionsOf = new Map<string, Map<string, boolean>>();
/** Names of the commands below each one that has any. */
const subcommandsOf = new Map<string, string[]>();
for (const [command, listed] of [...Object.entries(commands), ...Object.entries(hidden)]) {
  const options = optionsOf.get(command) ?? new Map<string, boolean>([['--help', false]]);
  for (const option of listed.split(' ')) if (option !== '') options.set(option.replace('=', ''), option.endsWith('='));
  optionsOf.set(command, options);
  const [parent, name] = [command.split(' ').slice(0, -1).join(' '), command.split(' ').at(-1) ?? ''];
  const siblings = subcommandsOf.get(parent) ?? [];
  if (name !== '' && !siblings.includes(name)) subcommandsOf.set(parent, [...siblings, name]);
}

/** Of all commands together, for an option that is named without one. */
const everyOption = new Set([...optionsOf.values()].flatMap((options) => [...options.keys()]));

/** Options that lessons name and that are of other things: instructions of a Dockerfile. */
const ofOthers = new Set(['--interval', '--retries', '--start-period', '--start-interval', '--timeout', '--chown', '--chmod', '--from', '--mount']);

/** Commands that pass on what follows their first argument: it is another program's. */
const passingOn = /^(?:(?:container )?(?:run|create|exec|top)|compose (?:run|exec)|service create)$/;

/** What is wrong with the docker commands of a line of shell, in words for its author. */
export function misspeltCommands(line: string): string[] {
  const problems: string[] = [];
  for (const match of line.matchAll(/(?:^|[|;&({`]|\b(?:sudo|time|watch|exec|do|then|xargs))\s*(docker-compose|docker)\s+([^|;&()`]*)/g)) {
    const words = wordsOf(match[2] ?? '');
    problems.push(...problemsOf(match[1] === 'docker-compose' ? ['compose', ...words] : words));
  }
  return problems;
}

/** The same for a piece of code in a sentence: a command, or an option alone, which must not be nearly one of the client's. */
export function misspeltCode(code: string): string[] {
  const option = /^--[a-z][a-z0-9-]*/.exec(code)?.[0];
  if (option === undefined) return misspeltCommands(code);
  const meant = everyOption.has(option) || ofOthers.has(option) ? undefined : nearest(option, everyOption, 1);
  return meant === undefined ? [] : [`no docker command has an option ${option}; did you mean “${meant}”? Correct the spelling`];
}

/** Words as a shell takes them apart, with their quotes; up to a comment. */
function wordsOf(text: string): string[] {
  const words = text.match(/(?:\\.|[^\s"'\\]|"[^"]*(?:"|$)|'[^']*(?:'|$))+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  return comment === -1 ? words : words.slice(0, comment);
}

function problemsOf(words: readonly string[]): string[] {
  const problems: string[] = [];
  let command = '';
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    // Behind these nothing is the client's any more; a redirection is the shell's.
    if (word === '--' || /^\d?[<>]/.test(word)) break;
    if (word.startsWith('-') && word !== '-') {
      const { problem, takesNext } = optionOf(command, word);
      if (problem !== undefined) problems.push(problem);
      if (takesNext) index += 1;
      continue;
    }
    const subcommands = subcommandsOf.get(command);
    if (subcommands === undefined) {
      if (passingOn.test(command)) break;
      continue;
    }
    // `docker $COMMAND`, `docker …`: nothing to look up.
    if (!/^[a-z]/.test(word) || word === 'help') break;
    if (!subcommands.includes(word)) {
      const meant = suggestion(word, subcommands) || `; the commands are ${subcommands.toSorted().join(', ')}.`;
      return [...problems, `there is no “${named(command, word)}”${meant} ${advice}`];
    }
    command = `${command} ${word}`.trim();
  }
  return problems;
}

const advice = 'Correct the spelling; if the client in the machine is another one by now, run npm run vm:client';

function named(command: string, word: string): string {
  return ['docker', command, word].filter((part) => part !== '').join(' ');
}

/** Looks up a word that is one long option or some short ones. */
function optionOf(command: string, word: string): { problem?: string; takesNext?: boolean } {
  const options = optionsOf.get(command) ?? new Map<string, boolean>();
  if (word.startsWith('--')) {
    const [name = ''] = word.split('=', 1);
    // `--…`, `--<option>`, `--$X` stand for some option.
    if (!/^--[a-z][a-z0-9-]*$/i.test(name)) return {};
    const valued = options.get(name);
    const long = [...options.keys()].filter((option) => option.startsWith('--'));
    if (valued === undefined) return { problem: `“${named(command, '')}” has no option ${name}${suggestion(name, long) || '.'} ${advice}` };
    return { takesNext: valued && !word.includes('=') };
  }
  for (const [at, letter] of [...word].entries()) {
    if (at === 0) continue;
    if (!/[a-zA-Z]/.test(letter)) return {};
    const valued = options.get(`-${letter}`);
    if (valued === undefined) return letter === 'h' ? {} : { problem: `“${named(command, '')}” has no option -${letter}. ${advice}` };
    if (valued) return { takesNext: at === word.length - 1 };
  }
  return {};
}
