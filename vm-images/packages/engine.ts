/** Makes the packages of `engine.yaml` from Debian's packages of the engine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readDeb } from '../builder/debian/deb.ts';
import type { Store } from '../builder/debian/download.ts';
import { BuildError } from '../builder/errors.ts';
import { readPackage } from '../builder/fetch.ts';
import { epochOf, groupPackages, type LockedPackage } from '../builder/lock.ts';
import { imagesFolder, recipeFolder } from '../builder/paths.ts';
import { absolute } from '../builder/recipe-fields.ts';
import type { TarEntry } from '../builder/tar.ts';
import { archivePackages, type HostPackages } from '../hosts/lock.ts';
import { writeDeb } from './deb-writer.ts';
import { maintainerScripts } from './maintainer-scripts.ts';

export const packagesFolder = join(imagesFolder, 'packages');

const packageSchema = z.strictObject({
  name: z.string(),
  from: z.enum(['machine', 'archive']).default('machine').describe('Which packages of Debian it is made of: those of the machine, or those of the archive'),
  version: z.string().describe('{version} is the upstream version of the first package in `of`'),
  of: z.array(z.strictObject({ package: z.string(), keep: z.array(absolute).min(1).describe('Paths to take from it') })).min(1),
  fields: z.record(z.string(), z.string()).describe('Relations to other packages'),
  description: z.string().describe('What it is in a few words, and then in a few lines'),
  files: z.array(z.strictObject({ path: absolute, from: z.string().describe('A file of recipe/files') })).default([]).describe('Configuration beside what Debian ships'),
  group: z.string().optional().describe('Group of users that it makes'),
  units: z.array(z.string()).default([]).describe('Units that it enables and starts, in order'),
});

export const engineSchema = z.strictObject({ packages: z.array(packageSchema).min(1) });

export type EnginePackage = z.infer<typeof packageSchema>;

export interface MadePackage {
  readonly name: string;
  readonly version: string;
  readonly data: Buffer;
}

/** @throws BuildError `recipe-invalid` */
export async function readEnginePackages(): Promise<EnginePackage[]> {
  const path = join(packagesFolder, 'engine.yaml');
  const result = engineSchema.safeParse(parse(await readFile(path, 'utf8')));
  if (result.success) return result.data.packages;
  throw new BuildError('recipe-invalid', `The recipe ${path} is not valid:\n${z.prettifyError(result.error)}`, 'Correct the file; the schema stands in vm-images/packages/engine.ts.');
}

export async function makeEnginePackage(recipe: EnginePackage, { lock, machineLock, debs }: HostPackages): Promise<MadePackage> {
  const known = recipe.from === 'archive' ? archivePackages(lock) : groupPackages(machineLock, 'machine');
  const entries: TarEntry[] = [];
  const sources: LockedPackage[] = [];
  for (const { package: name, keep } of recipe.of) {
    const source = known.find((entry) => entry.name === name);
    if (source === undefined) throw invalid(recipe, `is made of ${name}, which is not locked`);
    sources.push(source);
    entries.push(...(await pick(recipe, source, keep, debs)));
  }
  for (const { path, from } of recipe.files) {
    entries.push({ path: path.slice(1), kind: 'file', content: await readFile(join(recipeFolder, 'files', from)), mode: 0o644 });
  }
  const version = recipe.version.replace('{version}', upstream(sources[0]?.version ?? ''));
  const conffiles = entries.filter(({ path }) => path.startsWith('etc/')).map(({ path }) => `/${path}`);
  const fields = new Map([
    ['Package', recipe.name],
    ['Version', version],
    ['Architecture', 'i386'],
    ['Maintainer', 'Drydock <packages@drydock.example>'],
    ...Object.entries(recipe.fields),
    ['Section', 'admin'],
    ['Priority', 'optional'],
    ['Description', describe(recipe, sources)],
  ]);
  return { name: recipe.name, version, data: await writeDeb({ fields, scripts: maintainerScripts(recipe), conffiles, entries, epoch: epochOf(machineLock) }) };
}

async function pick(recipe: EnginePackage, source: LockedPackage, keep: readonly string[], debs: Store): Promise<TarEntry[]> {
  const deb = await readDeb(`${source.name} ${source.version}`, await readPackage(debs, source));
  return keep.map((path) => {
    const entry = deb.entries.find((candidate) => `/${candidate.path}` === path);
    if (entry === undefined) throw invalid(recipe, `takes ${path} from ${source.name} ${source.version}, which has no such file`);
    return entry;
  });
}

/** Says what it is to who looks at it with `apt show`: nobody should take it for Docker's own. */
function describe({ description }: EnginePackage, sources: readonly LockedPackage[]): string {
  const [summary = '', ...lines] = description.trim().split('\n');
  const made = sources.map(({ name, version }) => `${name} ${version}`).join(', ');
  const note = [`Made by Drydock's image builder of Debian's packages ${made},`, 'to be installed inside of Drydock. Docker, Inc. has neither made nor seen it.'];
  return `${summary} (Drydock's build)${[...lines, '.', ...note].map((line) => `\n ${line}`).join('')}`;
}

/** `26.1.5` of `26.1.5+dfsg1-9`. */
export function upstream(version: string): string {
  return /^(?:\d+:)?([0-9.]+)/.exec(version)?.[1] ?? version;
}

function invalid({ name }: EnginePackage, what: string): BuildError {
  return new BuildError('recipe-invalid', `The package ${name} ${what}.`, 'Correct vm-images/packages/engine.yaml.');
}
