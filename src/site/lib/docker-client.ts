/**
 * What Docker's client of the machine's image understands: its commands and the options of each, as its own help tells them.
 * They lie in docker-client.json, which `npm run vm:client` collects in the machine; lessons are checked against it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const dockerClientFile = join(import.meta.dirname, 'docker-client.json');

const clientSchema = z.strictObject({
  versions: z.strictObject({ client: z.string(), compose: z.string(), buildx: z.string() }),
  commands: z.record(
    z.string().describe('Such as `compose up`, without `docker`; empty for `docker` itself'),
    z.string().describe('Its options, such as `-d --detach --name=`; those that end in = take a value'),
  ),
});

export type DockerClient = z.infer<typeof clientSchema>;

export function readDockerClient(): DockerClient {
  return clientSchema.parse(JSON.parse(readFileSync(dockerClientFile, 'utf8')));
}

/** One line a command, by name, so that a change of one is a change of a line. */
export function dockerClientText({ versions, commands }: DockerClient): string {
  const lines = Object.entries(commands).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, options]) => `    ${JSON.stringify(name)}: ${JSON.stringify(options)}`);
  return `{\n  "versions": ${JSON.stringify(versions)},\n  "commands": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** What the help of a command tells. */
export interface CommandHelp {
  /** As in {@link DockerClient}. */
  options: string;
  subcommands: string[];
  /** Other names of the command, from the beginning: `container ls` for `ps`. */
  aliases: string[];
}

/** Reads what `docker <command> --help` prints. */
export function parseHelp(text: string): CommandHelp {
  const help: CommandHelp = { options: '', subcommands: [], aliases: [] };
  const options: string[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^([A-Z][\w ]*):/.exec(line)?.[1] ?? section;
    if (section === 'Aliases') help.aliases.push(...[...line.matchAll(/(?:^\s+|, )docker ([a-z][a-z -]*)/g)].map(([, name = '']) => name));
    else if (section.endsWith('Commands')) {
      const name = /^\s+([a-z][a-z-]*)\*?\s{2,}/.exec(line)?.[1];
      if (name !== undefined) help.subcommands.push(name);
    } else if (section.endsWith('Options')) {
      // What stands further in is the rest of a description.
      const [, short, long, type = ''] = /^ {2,6}(?:(-\w)(?:, |\s))?(--[a-z][a-z0-9-]*)?(?: (\S+))?(?:\s{2,}|$)/.exec(line) ?? [];
      // A value in brackets is one that may be left out: as a word of its own it would be the next argument.
      const value = type !== '' && !type.includes('[') ? '=' : '';
      for (const name of [short, long]) if (name !== undefined) options.push(`${name}${value}`);
    }
  }
  help.options = options.join(' ');
  return help;
}

/**
 * Asks a client for all it knows.
 * @param run runs `docker` with these arguments and returns what it prints
 */
export async function collectDockerClient(run: (args: readonly string[]) => Promise<string>): Promise<DockerClient> {
  const commands: DockerClient['commands'] = {};
  const others: DockerClient['commands'] = {};
  const visit = async (path: readonly string[]): Promise<void> => {
    const { options, subcommands, aliases } = parseHelp(await run([...path, '--help']));
    commands[path.join(' ')] = options;
    for (const alias of aliases) others[alias] = options;
    for (const name of subcommands) await visit([...path, name]);
  };
  await visit([]);
  return { versions: await clientVersions(run), commands: { ...others, ...commands } };
}

/** The versions of a client and its plugins. */
export async function clientVersions(run: (args: readonly string[]) => Promise<string>): Promise<DockerClient['versions']> {
  return {
    client: /Version:\s+(\S+)/.exec(await run(['version']))?.[1] ?? '',
    compose: (await run(['compose', 'version', '--short'])).trim(),
    buildx: (await run(['buildx', 'version'])).trim().split(' ')[1] ?? '',
  };
}
