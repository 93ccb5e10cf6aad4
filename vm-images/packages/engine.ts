/** Makes the packages of `engine.yaml` from Debian's packages of the engine, as .deb and as .rpm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BuildError } from '../builder/errors.ts';
import { epochOf, groupPackages, type LockedPackage } from '../builder/lock.ts';
import { imagesFolder, recipeFolder } from '../builder/paths.ts';
import { absolute } from '../builder/recipe-fields.ts';
import { readRecipeFile } from '../builder/recipe-file.ts';
import type { TarEntry } from '../builder/tar.ts';
import { archivePackages, type HostPackages } from '../hosts/lock.ts';
import { writeDeb } from './deb-writer.ts';
import { configurationOf, packager, splitDescription } from './entries.ts';
import { maintainerScripts } from './maintainer-scripts.ts';
import { pickFiles, sourceSchema } from './pick.ts';
import { parseRelation } from './rpm/relations.ts';
import { plainRpm, writeRpm, type MadeRpm } from './rpm/writer.ts';
import { rpmScripts } from './rpm-scripts.ts';
import type { SigningKey } from './signing.ts';
import { Packer } from './zstd-splice.ts';

export const packagesFolder = join(imagesFolder, 'packages');

/** Most of the time of a build, and of what a learner downloads. */
export const compressionLevel = 12;

/** What the packages for CentOS say of themselves beside the upstream's version. */
const rpmRelease = '1.drydock.el7';

const relations = z.array(z.string()).default([]);

const rpmSchema = z.strictObject({
  epoch: z.int().nonnegative().default(0),
  requires: relations,
  provides: relations,
  conflicts: relations,
  obsoletes: relations,
  suggests: relations,
});

const packageSchema = z.strictObject({
  name: z.string(),
  from: z.enum(['machine', 'archive']).default('machine').describe('Which packages of Debian it is made of: those of the machine, or those of the archive'),
  version: z.string().describe('Of the .deb; {version} is the upstream version of the first package in `of`, which is the version of the .rpm'),
  of: z.array(sourceSchema).min(1),
  deb: z.record(z.string(), z.string()).describe('Relations of the .deb to other packages'),
  rpm: rpmSchema.describe('Relations of the .rpm to other packages'),
  description: z.string().describe('What it is in a few words, and then in a few lines'),
  files: z.array(z.strictObject({ path: absolute, from: z.string().describe('A file of recipe/files') })).default([]).describe('Configuration beside what Debian ships'),
  group: z.string().optional().describe('Group of users that it makes'),
  units: z.array(z.string()).default([]).describe('Units, in the order in which they start; the .deb enables and starts them'),
});

export const engineSchema = z.strictObject({ packages: z.array(packageSchema).min(1) });

export type EnginePackage = z.infer<typeof packageSchema>;

export interface MadePackage {
  readonly name: string;
  /** In pieces, of which the large ones are in both. */
  readonly deb: readonly Uint8Array[];
  readonly rpm: MadeRpm;
}

/** @throws BuildError `recipe-invalid` */
export async function readEnginePackages(): Promise<EnginePackage[]> {
  return (await readRecipeFile(join(packagesFolder, 'engine.yaml'), engineSchema, 'vm-images/packages/engine.ts')).packages;
}

/** @param key signs the .rpm */
export async function makeEnginePackage(recipe: EnginePackage, { lock, machineLock, debs }: HostPackages, key: SigningKey): Promise<MadePackage> {
  const known = recipe.from === 'archive' ? archivePackages(lock) : groupPackages(machineLock, 'machine');
  const { entries, sources } = await pickFiles(recipe.of, known, debs, (what) => invalid(recipe, what));
  for (const { path, from } of recipe.files) {
    entries.push({ path: path.slice(1), kind: 'file', content: await readFile(join(recipeFolder, 'files', from)), mode: 0o644 });
  }
  const made = { recipe, entries, sources, configuration: configurationOf(entries), epoch: epochOf(machineLock) };
  const packer = new Packer(compressionLevel);
  return { name: recipe.name, deb: await makeDeb(made, packer), rpm: await makeRpm(made, packer, key) };
}

interface Made {
  readonly recipe: EnginePackage;
  readonly entries: readonly TarEntry[];
  readonly sources: readonly LockedPackage[];
  readonly configuration: readonly string[];
  readonly epoch: number;
}

function makeDeb({ recipe, entries, sources, configuration, epoch }: Made, packer: Packer): Promise<Uint8Array[]> {
  const { summary, lines } = describe(recipe, sources);
  const fields = new Map([
    ['Package', recipe.name],
    ['Version', recipe.version.replace('{version}', upstream(sources[0]?.version ?? ''))],
    ['Architecture', 'i386'],
    ['Maintainer', packager],
    ...Object.entries(recipe.deb),
    ['Section', 'admin'],
    ['Priority', 'optional'],
    ['Description', [summary, ...lines.map((line) => ` ${line === '' ? '.' : line}`)].join('\n')],
  ]);
  return writeDeb({ fields, scripts: maintainerScripts(recipe), conffiles: configuration, entries, epoch }, packer);
}

function makeRpm({ recipe, entries, sources, configuration, epoch }: Made, packer: Packer, key: SigningKey): Promise<MadeRpm> {
  const { summary, lines } = describe(recipe, sources);
  const { requires, provides, conflicts, obsoletes, suggests } = recipe.rpm;
  const parsed = (texts: readonly string[]) => texts.map(parseRelation);
  return writeRpm(
    {
      ...plainRpm,
      name: recipe.name,
      epoch: recipe.rpm.epoch,
      version: upstream(sources[0]?.version ?? ''),
      release: rpmRelease,
      architecture: 'i386',
      summary,
      description: lines.join('\n'),
      license: 'Apache-2.0',
      requires: parsed(requires),
      provides: parsed(provides),
      conflicts: parsed(conflicts),
      obsoletes: parsed(obsoletes),
      suggests: parsed(suggests),
      scripts: rpmScripts(recipe),
      configuration,
      entries,
      date: new Date(epoch * 1000),
    },
    key,
    packer,
  );
}

/** Says what it is to who looks at it: nobody should take it for Docker's own. */
function describe({ description }: EnginePackage, sources: readonly LockedPackage[]): { summary: string; lines: string[] } {
  const { summary, lines } = splitDescription(description);
  const made = sources.map(({ name, version }) => `${name} ${version}`).join(', ');
  const note = [`Made by Drydock's image builder of Debian's packages ${made},`, 'to be installed inside of Drydock. Docker, Inc. has neither made nor seen it.'];
  return { summary: `${summary} (Drydock's build)`, lines: [...lines, '', ...note] };
}

/** `26.1.5` of `26.1.5+dfsg1-9`. */
export function upstream(version: string): string {
  return /^(?:\d+:)?([0-9.]+)/.exec(version)?.[1] ?? version;
}

function invalid({ name }: EnginePackage, what: string): BuildError {
  return new BuildError('recipe-invalid', `The package ${name} ${what}.`, 'Correct vm-images/packages/engine.yaml.');
}
