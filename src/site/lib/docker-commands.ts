/**
 * The commands of Docker's client, of the version in the machine's image: a misspelt one in a lesson is found when the
 * lesson is checked, not by the first learner who copies it.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Commands with subcommands. */
const groups: Readonly<Record<string, ReadonlySet<string>>> = {
  builder: words('build prune'),
  buildx: words('bake build create debug dial-stdio du history imagetools inspect install ls prune rm stop uninstall use version'),
  checkpoint: words('create ls rm'),
  compose: words('attach bridge build commit config convert cp create down events exec export images kill logs ls pause port ps publish pull push restart rm run scale start stats stop top unpause up version volumes wait watch'),
  config: words('create inspect ls list rm'),
  container: words('attach commit cp create diff exec export inspect kill logs ls list ps pause port prune rename restart rm run start stats stop top unpause update wait'),
  context: words('create export import inspect ls list rm show update use'),
  image: words('build history import inspect load ls list prune pull push rm save tag'),
  manifest: words('annotate create inspect push rm'),
  network: words('connect create disconnect inspect ls list prune rm'),
  node: words('demote inspect ls list promote ps rm update'),
  plugin: words('create disable enable inspect install ls list push rm set upgrade'),
  secret: words('create inspect ls list rm'),
  service: words('create inspect logs ls list ps rm rollback scale update'),
  stack: words('config deploy ls list ps rm services up'),
  swarm: words('ca init join join-token leave unlock unlock-key update'),
  system: words('df dial-stdio events info prune'),
  trust: words('inspect key revoke sign signer'),
  volume: words('create inspect ls list prune rm update'),
};

/** Commands without. */
const plain = words(
  'attach bake build commit cp create diff events exec export help history images import info inspect kill load login logout logs pause port ps pull push rename restart rm rmi run save search start stats stop tag top unpause update version wait',
);

/** Options before the command that take a value as a word of its own. */
const valued = words('-H --host -c --context -l --log-level --config --tlscacert --tlscert --tlskey');
/** The same of `docker compose`. */
const composeValued = words('-f --file -p --project-name --profile --env-file --project-directory --ansi --progress --parallel');

/** What is wrong with the docker commands of a line of shell, in words for its author. */
export function misspeltCommands(line: string): string[] {
  const problems: string[] = [];
  for (const match of line.matchAll(/(?:^|[|;&({`]|\b(?:sudo|time|watch|exec|do|then|xargs))\s*(docker-compose|docker)\s+([^|;&()`]*)/g)) {
    const problem = problemOf(match[1] === 'docker-compose' ? ['compose', ...split(match[2])] : split(match[2]));
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function split(text: string | undefined): string[] {
  return (text ?? '').trim().split(/\s+/).filter((word) => word !== '');
}

function problemOf(given: readonly string[]): string | undefined {
  const [command, ...rest] = withoutOptions(given, valued);
  // `docker --version`, `docker $COMMAND`, a redirection: nothing to look up.
  if (command === undefined || !/^[a-z]/.test(command)) return undefined;
  const subcommands = groups[command];
  if (subcommands === undefined) return plain.has(command) ? undefined : `there is no “docker ${command}”; correct the spelling, or add it to src/site/lib/docker-commands.ts`;
  const [sub] = withoutOptions(rest, command === 'compose' ? composeValued : new Set());
  if (sub === undefined || !/^[a-z]/.test(sub) || subcommands.has(sub)) return undefined;
  return `there is no “docker ${command} ${sub}”; the subcommands are ${[...subcommands].join(', ')}`;
}

/** Words from the first that is no option, nor the value of one. */
function withoutOptions(given: readonly string[], withValue: ReadonlySet<string>): readonly string[] {
  let index = 0;
  while (given[index]?.startsWith('-')) index += withValue.has(given[index] ?? '') ? 2 : 1;
  return given.slice(index);
}
