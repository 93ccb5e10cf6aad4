import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectDockerClient, dockerClientFile, dockerClientText, parseHelp, readDockerClient } from './docker-client.ts';

const help = `
Usage:  docker sample [OPTIONS] COMMAND

Shows what help looks like

Aliases:
  docker sample, docker samples ls, docker s

Common Commands:
  run         Create and run
  build*      Build

Options:
  -a, --all                  All of them. Implies
                             --everything-else.
  -e, --env list             Set variables
      --pull string[="x"]    Pull
      --rm                   Remove
  -T                         Nothing

Run 'docker sample COMMAND --help' for more information on a command.
`;

describe('parseHelp', () => {
  it('finds options with what takes a value, commands and other names', () => {
    expect(parseHelp(help)).toEqual({ options: '-a --all -e= --env= --pull --rm -T', subcommands: ['run', 'build'], aliases: ['sample', 'samples ls', 's'] });
  });
});

describe('collectDockerClient', () => {
  it('asks every command, and takes other names for the command itself', async () => {
    const texts: Record<string, string> = {
      '--help': 'Commands:\n  ps          List\n\nOptions:\n  -v, --version    x\n',
      'ps --help': 'Aliases:\n  docker container ls, docker ps\n\nOptions:\n  -a, --all    x\n',
      version: 'Client:\n Version:           26.1.5\n',
      'compose version --short': '2.40.3\n',
      'buildx version': 'github.com/docker/buildx 0.13.1 abc\n',
    };
    const client = await collectDockerClient(async (args) => texts[args.join(' ')] ?? '');
    expect(client).toEqual({ versions: { client: '26.1.5', compose: '2.40.3', buildx: '0.13.1' }, commands: { '': '-v --version', ps: '-a --all', 'container ls': '-a --all' } });
    expect(JSON.parse(dockerClientText(client))).toEqual(client);
  });
});

describe('docker-client.json', () => {
  it('is as npm run vm:client writes it', () => {
    expect(readFileSync(dockerClientFile, 'utf8')).toBe(dockerClientText(readDockerClient()));
  });

  it('is of the packages that the machine has', () => {
    const packages: { packages: Record<string, { name: string; version: string }> } = JSON.parse(readFileSync('vm-images/lock.json', 'utf8'));
    const versionOf = (name: string) => Object.values(packages.packages).filter((entry) => entry.name === name).map(({ version }) => version);
    const { client, compose, buildx } = readDockerClient().versions;
    for (const [name, version] of [['docker-cli', client], ['docker-compose', compose], ['docker-buildx', buildx]] as const) {
      expect(versionOf(name).some((locked) => locked.startsWith(version)), `the image has ${name} ${versionOf(name).join(', ')}, the list is of ${version}: run npm run vm:client`).toBe(true);
    }
  });
});
