/**
 * Finds the Debian mirror to build from. The repository names none: it is the builder's machine that knows one,
 * by variables or by its own apt sources.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from '../errors.ts';
import { parseControl } from './control.ts';

/** Debian keeps its security updates in an archive of their own, so there are two mirrors. */
export const archives = ['main', 'security'] as const;
export type Archive = (typeof archives)[number];

export const mirrorVariables: Record<Archive, string> = {
  main: 'DRYDOCK_DEBIAN_MIRROR',
  security: 'DRYDOCK_DEBIAN_SECURITY_MIRROR',
};

/** One `deb` entry of an apt source. */
export interface Source {
  readonly uri: string;
  readonly suite: string;
}

export type MirrorFinder = (archive: Archive) => URL;

/** Reads the old one-line format: `deb [options] uri suite components`. */
export function parseSourcesList(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
    const uri = match?.[1];
    const suite = match?.[2];
    return uri === undefined || suite === undefined ? [] : [{ uri, suite }];
  });
}

/** Reads the deb822 format of `*.sources`. */
export function parseDeb822Sources(text: string): Source[] {
  const words = (field: string | undefined): string[] => (field ?? '').split(/\s+/).filter((word) => word !== '');
  return [...parseControl(text)].flatMap((paragraph) => {
    if (paragraph.get('Enabled') === 'no' || !words(paragraph.get('Types')).includes('deb')) return [];
    const suites = words(paragraph.get('Suites'));
    return words(paragraph.get('URIs')).flatMap((uri) => suites.map((suite) => ({ uri, suite })));
  });
}

const debianSuite = /^(bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable)(-updates|-backports|-security)?$/;

/** The first source that looks like Debian's archive of that kind: by suite name and by the path `debian[-security]`. */
export function pickMirror(sources: readonly Source[], archive: Archive): string | undefined {
  const path = archive === 'main' ? /\/debian\/?$/ : /\/debian-security\/?$/;
  return sources.find(({ uri, suite }) => {
    const wanted = debianSuite.test(suite) && suite.endsWith('-security') === (archive === 'security');
    return wanted && /^https?:/.test(uri) && path.test(uri);
  })?.uri;
}

async function machineSources(folder: string): Promise<Source[]> {
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const parts = await readdir(join(folder, 'sources.list.d')).catch(() => []);
  const found = parseSourcesList(await read(join(folder, 'sources.list')));
  for (const name of parts.toSorted()) {
    const text = await read(join(folder, 'sources.list.d', name));
    if (name.endsWith('.list')) found.push(...parseSourcesList(text));
    if (name.endsWith('.sources')) found.push(...parseDeb822Sources(text));
  }
  return found;
}

/**
 * Looks up the mirrors once; asking for one that is not known throws, so that a build that has everything in its
 * cache needs none.
 *
 * @param aptFolder where apt keeps its sources
 */
export async function findMirrors(
  environment: NodeJS.ProcessEnv = process.env,
  aptFolder = '/etc/apt',
): Promise<MirrorFinder> {
  const sources = await machineSources(aptFolder);
  return (archive) => {
    const variable = mirrorVariables[archive];
    const chosen = environment[variable] || pickMirror(sources, archive);
    const explain = `Set ${variable} to the address of a Debian ${archive === 'main' ? '' : 'security '}mirror, such as http://HOST/debian${archive === 'main' ? '' : '-security'}.`;
    if (chosen === undefined) {
      throw new BuildError('mirror-unknown', `No Debian mirror for the ${archive} archive is known on this machine.`, explain);
    }
    const url = URL.parse(chosen.endsWith('/') ? chosen : `${chosen}/`);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new BuildError('mirror-unknown', `"${chosen}" is not the address of a mirror.`, explain);
    }
    return url;
  };
}
