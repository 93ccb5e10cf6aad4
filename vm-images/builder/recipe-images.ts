/**
 * The recipe of the container images, `images.yaml`: layers made of packages and files, and repositories of images that
 * stand on them. Some of the images are in the machine from the start; the public registry has them all.
 */
import { z } from 'zod';
import { localizedSchema, templateNames } from '../../src/shared/locale.ts';
import { BuildError } from './errors.ts';
import { absolute, packagesSchema, selectionFields, treeFields } from './recipe-fields.ts';

/** What `{...}` in a tag, a variable or a label may name: parts of the version of the image's main package. */
export const versionParts = ['major', 'minor', 'patch'] as const;

const template = z
  .string()
  .min(1)
  .refine((text) => templateNames(text).every((name) => versionParts.some((part) => part === name)), `only {${versionParts.join('}, {')}} can be filled in`);

const layerSchema = z.strictObject({
  ...selectionFields,
  packages: z.array(packagesSchema).default([]),
  ...treeFields,
  base: z.string().optional().describe('Layer below this one'),
  dependencies: z.array(z.string()).min(1).optional().describe('Suites for what is needed only as a dependency; as for the layer below, or the machine, unless given'),
  createdBy: z.string().describe('What `docker history` says of it'),
  database: z.boolean().default(true).describe("Whether dpkg's database and user accounts are wanted"),
  busyboxApplets: z.boolean().default(false).describe('Makes a link for every applet of busybox'),
});

const imageSchema = z
  .strictObject({
    tags: z.array(template).min(1).describe('Names of the image in its repository'),
    preload: z.array(z.string()).default([]).describe('Those of the tags that are in the machine from the start'),
    version: z.string().optional().describe('Package whose version is filled in: of 1.26.3, {major} is 1, {minor} is 1.26, {patch} is 1.26.3'),
    layer: z.string().optional().describe('The topmost layer'),
    program: z.strictObject({ path: absolute, message: z.string() }).optional().describe('Instead of a layer: one static program that prints a file of recipe/files'),
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
      .default({})
      .transform((own) => ({ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...own }))
      .describe('Variables; PATH is there unless it is given'),
    entrypoint: z.array(z.string()).min(1).optional(),
    command: z.array(z.string()).min(1),
    user: z.string().optional().describe('Who runs the command; root unless given'),
    workdir: absolute.optional().describe('Folder to run it in'),
    ports: z.array(z.string().regex(/^\d+\/(tcp|udp)$/)).default([]),
    volumes: z.array(absolute).default([]),
    stopSignal: z.string().regex(/^SIG[A-Z0-9]+$/).optional(),
    labels: z.record(z.string(), template).default({}),
  })
  .refine((image) => (image.layer === undefined) !== (image.program === undefined), 'exactly one of layer and program')
  .refine((image) => image.preload.every((tag) => image.tags.includes(tag)), 'preload names tags of the image')
  .refine((image) => image.version !== undefined || templatesOf(image).length === 0, 'what is filled in needs a version');

function templatesOf(image: { tags: string[]; environment: Record<string, string>; labels: Record<string, string> }): string[] {
  return [...image.tags, ...Object.values(image.environment), ...Object.values(image.labels)].flatMap(templateNames);
}

const repositorySchema = z.strictObject({
  description: localizedSchema.describe('A sentence, for the site and for docker search'),
  official: z.boolean().default(true).describe('Marked [OK] by docker search'),
  stars: z.int().nonnegative().default(0).describe('For docker search'),
  images: z.array(imageSchema).min(1),
});

export const imagesSchema = z.strictObject({
  layers: z.record(z.string(), layerSchema),
  repositories: z.record(z.string().regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/), repositorySchema).describe('By name, in the namespace library'),
});

export type ImagesRecipe = z.infer<typeof imagesSchema>;
export type ImageRecipe = z.infer<typeof imageSchema>;
export type LayerRecipe = z.infer<typeof layerSchema>;

/** @throws BuildError `recipe-invalid` where something stands on a layer that is not there */
export function checkImages(images: ImagesRecipe): void {
  const references = [
    ...Object.entries(images.repositories).flatMap(([name, { images: list }]) => list.flatMap(({ layer }) => (layer === undefined ? [] : [{ who: `image ${name}`, layer }]))),
    ...Object.entries(images.layers).flatMap(([name, { base }]) => (base === undefined ? [] : [{ who: `layer ${name}`, layer: base }])),
  ];
  const wrong = references.find(({ layer }) => images.layers[layer] === undefined);
  if (wrong !== undefined) {
    throw new BuildError('recipe-invalid', `The ${wrong.who} stands on the layer "${wrong.layer}", which does not exist.`, 'Declare the layer in vm-images/recipe/images.yaml.');
  }
}

/** The layer and those below it, lowest first. @throws BuildError `recipe-invalid` when they go in circles */
export function layerChain(images: ImagesRecipe, name: string): [string, LayerRecipe][] {
  const chain: [string, LayerRecipe][] = [];
  for (let at: string | undefined = name; at !== undefined; ) {
    const layer: LayerRecipe | undefined = images.layers[at];
    if (layer === undefined || chain.some(([seen]) => seen === at)) {
      throw new BuildError('recipe-invalid', `The layers below "${name}" go in circles.`, 'Correct `base` in vm-images/recipe/images.yaml.');
    }
    chain.unshift([at, layer]);
    at = layer.base;
  }
  return chain;
}

/** Name of the lock's group for a layer of container images. */
export function layerGroup(layer: string): string {
  return `layer-${layer}`;
}

/** What of the recipe the machine itself is made of: the images that are in it from the start, and their layers. */
export function preloadedPart(images: ImagesRecipe): ImagesRecipe {
  const repositories = Object.entries(images.repositories).flatMap(([name, repository]) => {
    const wanted = repository.images.filter((image) => image.preload.length > 0);
    return wanted.length === 0 ? [] : [[name, { ...repository, images: wanted }] as const];
  });
  const tops = repositories.flatMap(([, repository]) => repository.images.flatMap(({ layer }) => (layer === undefined ? [] : [layer])));
  const used = new Set(tops.flatMap((top) => layerChain(images, top).map(([name]) => name)));
  return { layers: Object.fromEntries(Object.entries(images.layers).filter(([name]) => used.has(name))), repositories: Object.fromEntries(repositories) };
}
