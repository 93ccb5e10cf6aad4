/**
 * The recipe: what the machine and the container images are made of, as data in `vm-images/recipe`.
 *
 * Maintainer scripts of packages are never run; what they would have done stands in the recipe.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { archives } from './debian/mirror.ts';
import { sha256 } from './debian/download.ts';
import { selectionFields, treeFields } from './recipe-fields.ts';
import { readRecipeFile } from './recipe-file.ts';
import { checkImages, imagesSchema, layerChain, layerGroup, type ImagesRecipe } from './recipe-images.ts';

const suiteSchema = z.strictObject({
  archive: z.enum(archives).describe('Which of the two Debian archives holds it'),
  codename: z.string().describe('Folder under dists/, and what the signed index calls itself'),
  aliases: z.array(z.string()).default([]).describe('Other folders of it, for mirrors that lag in the first one'),
  component: z.string().default('main'),
});

const groupSchema = z.strictObject({ ...selectionFields, exclude: treeFields.exclude });

const kernelSchema = z.strictObject({
  ...selectionFields,
  exclude: treeFields.exclude,
  modules: z.array(z.string()).min(1).describe('Glob patterns under kernel/ of the modules to keep; what they depend on is kept too'),
});

const machineSchema = z.strictObject({
  suites: z.record(z.string(), suiteSchema),
  dependencies: z.array(z.string()).min(1).describe('Suites for what is needed only as a dependency'),
  machine: z.strictObject({
    ...selectionFields,
    ...treeFields,
    hostname: z.string(),
    enable: z.record(z.string(), z.string()).default({}).describe('Units to enable: unit to the target that wants it'),
    mask: z.array(z.string()).default([]).describe('Units to mask'),
    maskGenerators: z.array(z.string()).default([]).describe('Generators of units to mask'),
    defaultTarget: z.string().default('multi-user.target'),
  }),
  kernel: kernelSchema,
  firmware: groupSchema,
  installer: groupSchema,
  compiler: groupSchema,
  reference: groupSchema,
});

export type MachineRecipe = z.infer<typeof machineSchema>;
export type KernelRecipe = z.infer<typeof kernelSchema>;

export interface Recipe {
  readonly machine: MachineRecipe;
  readonly images: ImagesRecipe;
}

/** What decides the packages of a group. */
export interface Selection {
  readonly group: string;
  readonly packages: readonly { readonly from: readonly string[]; readonly names: readonly string[] }[];
  readonly satisfied: Readonly<Record<string, string>>;
  /** Suites for what is needed only as a dependency. */
  readonly dependencies: readonly string[];
}

const schemaPlace = 'vm-images/builder/recipe*.ts';

/** Reads `machine.yaml` and `images.yaml`. @throws BuildError `recipe-invalid` */
export async function readRecipe(folder: string): Promise<Recipe> {
  const machine = await readRecipeFile(join(folder, 'machine.yaml'), machineSchema, schemaPlace);
  const images = await readRecipeFile(join(folder, 'images.yaml'), imagesSchema, schemaPlace);
  checkImages(images);
  return { machine, images };
}

/** Groups of the lock that are the machine's own, apart from its container images. */
export const machineGroups = ['machine', 'kernel', 'firmware', 'installer', 'compiler'] as const;

/** The engine that the benchmark compares with: locked, but in no image. */
export const referenceGroup = 'reference' as const;

/** Every group of packages that the recipe asks for. A layer's selection includes those of the layers below it. */
export function selections({ machine, images }: Recipe): Selection[] {
  const own = ([...machineGroups, referenceGroup] as const).map((group): Selection => ({ group, packages: machine[group].packages, satisfied: machine[group].satisfied, dependencies: machine.dependencies }));
  return [...own, ...layerSelections(images, machine.dependencies)];
}

/** @param dependencies suites for dependencies of layers that name none */
export function layerSelections(images: ImagesRecipe, dependencies: readonly string[]): Selection[] {
  const named = Object.entries(images.layers).filter(([, layer]) => layer.packages.length > 0);
  return named.map(([name]): Selection => {
    const chain = layerChain(images, name).map(([, layer]) => layer);
    return {
      group: layerGroup(name),
      packages: chain.flatMap((layer) => layer.packages),
      satisfied: Object.assign({}, ...chain.map((layer) => layer.satisfied)),
      dependencies: chain.findLast((layer) => layer.dependencies !== undefined)?.dependencies ?? dependencies,
    };
  });
}

/** Hash over what of the recipe decides the packages; a lock with another one is out of date. */
export function selectionHash(recipe: Recipe): string {
  const { suites, dependencies } = recipe.machine;
  return sha256(JSON.stringify({ suites, dependencies, selections: selections(recipe) }));
}
