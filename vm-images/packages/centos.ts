/** Makes the packages of `centos.yaml`: what the host `centos` finds in its own repository. */
import { join } from 'node:path';
import { z } from 'zod';
import { BuildError } from '../builder/errors.ts';
import { epochOf, groupPackages, type LockedPackage } from '../builder/lock.ts';
import { absolute } from '../builder/recipe-fields.ts';
import { readRecipeFile } from '../builder/recipe-file.ts';
import type { HostPackages } from '../hosts/lock.ts';
import { hostGroup } from '../hosts/recipe.ts';
import { compressionLevel, packagesFolder } from './engine.ts';
import { configurationOf, splitDescription } from './entries.ts';
import { pickFiles, sourceSchema } from './pick.ts';
import { plainRpm, writeRpm, type MadeRpm } from './rpm/writer.ts';
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
  return (await readRecipeFile(join(packagesFolder, 'centos.yaml'), schema, 'vm-images/packages/centos.ts')).packages;
}

export async function makeCentosPackage(recipe: CentosPackage, { lock, machineLock, debs }: HostPackages, key: SigningKey): Promise<MadeRpm> {
  const invalid = (what: string): BuildError => new BuildError('recipe-invalid', `The package ${recipe.name} ${what}.`, 'Correct vm-images/packages/centos.yaml.');
  const { entries, sources } = await pickFiles(recipe.of, groupPackages(lock, hostGroup('centos')), debs, invalid);
  for (const { path, text, executable } of recipe.files) {
    entries.push({ path: path.slice(1), kind: 'file', content: Buffer.from(text), mode: executable ? 0o755 : 0o644 });
  }
  const { summary, lines } = splitDescription(recipe.description);
  return writeRpm(
    {
      ...plainRpm,
      name: recipe.name,
      version: recipe.version,
      release: '1.drydock.el7',
      architecture: 'noarch',
      summary,
      description: [...lines, '', note(sources)].join('\n'),
      license: sources.length === 0 ? 'Public Domain' : 'GPL-2.0-or-later',
      configuration: configurationOf(entries),
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
