/** Makes the packages of `centos.yaml`: what the host `centos` finds in its own repository. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { BuildError } from '../builder/errors.ts';
import { epochOf, groupPackages, type LockedPackage } from '../builder/lock.ts';
import { absolute } from '../builder/recipe-fields.ts';
import type { HostPackages } from '../hosts/lock.ts';
import { hostGroup } from '../hosts/recipe.ts';
import { compressionLevel, packagesFolder } from './engine.ts';
import { pickFiles, sourceSchema } from './pick.ts';
import { writeRpm, type MadeRpm } from './rpm/writer.ts';
import type { SigningKey } from './signing.ts';
import { Packer } from './zstd-splice.ts';

const packageSchema = z.strictObject({
  name: z.string(),
  version: z.string().describe('That of the package of CentOS whose place it takes'),
  description: z.string().describe('What it has in a few words, and then in a few lines'),
  of: z.array(sourceSchema).default([]).describe("Files of the host's own packages"),
  files: z.array(z.strictObject({ path: absolute, text: z.string(), executable: z.boolean().default(false) })).default([]),
});

const schema = z.strictObject({ packages: z.array(packageSchema).min(1) });

export type CentosPackage = z.infer<typeof packageSchema>;

/** @throws BuildError `recipe-invalid` */
export async function readCentosPackages(): Promise<CentosPackage[]> {
  const path = join(packagesFolder, 'centos.yaml');
  const result = schema.safeParse(parse(await readFile(path, 'utf8')));
  if (result.success) return result.data.packages;
  throw new BuildError('recipe-invalid', `The recipe ${path} is not valid:\n${z.prettifyError(result.error)}`, 'Correct the file; the schema stands in vm-images/packages/centos.ts.');
}

export async function makeCentosPackage(recipe: CentosPackage, { lock, machineLock, debs }: HostPackages, key: SigningKey): Promise<MadeRpm> {
  const invalid = (what: string): BuildError => new BuildError('recipe-invalid', `The package ${recipe.name} ${what}.`, 'Correct vm-images/packages/centos.yaml.');
  const { entries, sources } = await pickFiles(recipe.of, groupPackages(lock, hostGroup('centos')), debs, invalid);
  for (const { path, text, executable } of recipe.files) {
    entries.push({ path: path.slice(1), kind: 'file', content: Buffer.from(text), mode: executable ? 0o755 : 0o644 });
  }
  const [summary = '', ...lines] = recipe.description.trim().split('\n');
  return writeRpm(
    {
      name: recipe.name,
      epoch: 0,
      version: recipe.version,
      release: '1.drydock.el7',
      architecture: 'noarch',
      summary,
      description: [...lines, '', note(sources)].join('\n'),
      license: sources.length === 0 ? 'Public Domain' : 'GPL-2.0-or-later',
      vendor: 'Drydock',
      requires: [],
      provides: [],
      conflicts: [],
      obsoletes: [],
      suggests: [],
      scripts: {},
      configuration: entries.filter(({ path }) => path.startsWith('etc/')).map(({ path }) => `/${path}`),
      entries,
      date: new Date(epochOf(machineLock) * 1000),
    },
    key,
    new Packer(compressionLevel),
  );
}

function note(sources: readonly LockedPackage[]): string {
  const made = sources.length === 0 ? '' : ` of Debian's ${sources.map(({ name, version }) => `${name} ${version}`).join(', ')}`;
  return `Made by Drydock's image builder${made} for the host that stands in for CentOS. The CentOS Project has neither made nor seen it.`;
}
