/**
 * The recipe: what the machine and the container images are made of, as data in `vm-images/recipe`.
 *
 * Maintainer scripts of packages are never run; what they would have done stands in the recipe.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { archives } from './debian/mirror.ts';
import { sha256 } from './debian/download.ts';
import { BuildError } from './errors.ts';

const absolute = z.string().regex(/^\/[^\0]*[^/\0]$/).describe('Absolute path without a slash at its end');
const mode = z
  .string()
  .regex(/^[0-7]{4}$/)
  .transform((text) => Number.parseInt(text, 8))
  .describe('Permission bits, four octal digits in quotes');
const owner = z.string().regex(/^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$/).default('root:root').describe('user:group, by name');

const suiteSchema = z.strictObject({
  archive: z.enum(archives).describe('Which of the two Debian archives holds it'),
  codename: z.string().describe('Folder under dists/, and what the signed index calls itself'),
  aliases: z.array(z.string()).default([]).describe('Other folders of it, for mirrors that lag in the first one'),
  component: z.string().default('main'),
});

const packagesSchema = z.strictObject({
  from: z.array(z.string()).min(1).describe('Suites; the newest version in any of them is taken'),
  names: z.array(z.string()).min(1).describe('Package names; `*` stands for any text and means the newest match'),
});

const selectionFields = {
  packages: z.array(packagesSchema).min(1),
  satisfied: z.record(z.string(), z.string().min(1)).default({}).describe('Dependencies left out on purpose: name to reason'),
};

const treeFields = {
  exclude: z.array(z.string()).default([]).describe('Glob patterns of paths not to unpack: `*` within a name, `**` across folders'),
  keep: z.array(z.string()).default([]).describe('Exceptions from `exclude`'),
  groups: z.array(z.strictObject({ name: z.string(), gid: z.int(), members: z.array(z.string()).default([]) })).default([]),
  users: z
    .array(
      z.strictObject({
        name: z.string(),
        uid: z.int(),
        gid: z.int(),
        comment: z.string().default(''),
        home: z.string(),
        shell: z.string().default('/usr/sbin/nologin'),
        createHome: z.boolean().default(false).describe('Makes the home folder from /etc/skel'),
      }),
    )
    .default([]),
  directories: z.array(z.strictObject({ path: absolute, mode, owner })).default([]),
  files: z
    .array(
      z.strictObject({
        path: absolute,
        mode: mode.default(0o644),
        owner,
        text: z.string().optional().describe('The content'),
        from: z.string().optional().describe('The content, as a file of recipe/files'),
        copy: absolute.optional().describe('The content, as a file of the tree'),
      }).refine((file) => [file.text, file.from, file.copy].filter((one) => one !== undefined).length === 1, 'exactly one of text, from and copy'),
    )
    .default([]),
  links: z.record(absolute, z.string().min(1)).default({}).describe('Symbolic links: path to target'),
  alternatives: z.record(absolute, absolute).default({}).describe("Debian's alternatives: generic path to the program chosen"),
  attributes: z.array(z.strictObject({ path: absolute, mode, owner })).default([]).describe('Changes to what packages shipped'),
  remove: z.array(absolute).default([]).describe('Paths to take out again, with everything below'),
  certificates: z.boolean().default(false).describe('Makes /etc/ssl/certs from the package ca-certificates'),
};

/** What goes into a file tree, beyond packages. */
const treeSchema = z.strictObject(treeFields);

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
});

const layerSchema = z.strictObject({
  ...selectionFields,
  packages: z.array(packagesSchema).default([]),
  ...treeFields,
  base: z.string().optional().describe('Layer below this one'),
  createdBy: z.string().describe('What `docker history` says of it'),
  database: z.boolean().default(true).describe("Whether dpkg's database and user accounts are wanted"),
  busyboxApplets: z.boolean().default(false).describe('Makes a link for every applet of busybox'),
});

const imageSchema = z.strictObject({
  names: z.array(z.string().regex(/^[a-z0-9./-]+:[a-z0-9._-]+$/)).min(1),
  layer: z.string().optional().describe('The topmost layer'),
  program: z.strictObject({ path: absolute, message: z.string() }).optional().describe('Instead of a layer: one static program that prints a file of recipe/files'),
  environment: z.array(z.string().regex(/^[A-Za-z_]+=/)).default(['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).min(1),
  ports: z.array(z.string().regex(/^\d+\/(tcp|udp)$/)).default([]),
  stopSignal: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
}).refine((image) => (image.layer === undefined) !== (image.program === undefined), 'exactly one of layer and program');

const imagesSchema = z.strictObject({
  layers: z.record(z.string(), layerSchema),
  images: z.array(imageSchema).min(1),
});

export type MachineRecipe = z.infer<typeof machineSchema>;
export type ImagesRecipe = z.infer<typeof imagesSchema>;
export type TreeRecipe = z.infer<typeof treeSchema>;
export type ImageRecipe = z.infer<typeof imageSchema>;
export type LayerRecipe = z.infer<typeof layerSchema>;
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
}

async function readPart<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(folder, name);
  const result = schema.safeParse(parse(await readFile(path, 'utf8')));
  if (result.success) return result.data;
  throw new BuildError('recipe-invalid', `The recipe ${path} is not valid:\n${z.prettifyError(result.error)}`, 'Correct the file; the schema stands in vm-images/builder/recipe.ts.');
}

/** Reads `machine.yaml` and `images.yaml`. @throws BuildError `recipe-invalid` */
export async function readRecipe(folder: string): Promise<Recipe> {
  const machine = await readPart(folder, 'machine.yaml', machineSchema);
  const images = await readPart(folder, 'images.yaml', imagesSchema);
  const references = [
    ...images.images.flatMap(({ names, layer }) => (layer === undefined ? [] : [{ who: `image ${names.join(', ')}`, layer }])),
    ...Object.entries(images.layers).flatMap(([name, { base }]) => (base === undefined ? [] : [{ who: `layer ${name}`, layer: base }])),
  ];
  const wrong = references.find(({ layer }) => images.layers[layer] === undefined);
  if (wrong !== undefined) {
    throw new BuildError('recipe-invalid', `The ${wrong.who} stands on the layer "${wrong.layer}", which does not exist.`, 'Declare the layer in vm-images/recipe/images.yaml.');
  }
  return { machine, images };
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

/** Every group of packages that the recipe asks for. A layer's selection includes those of the layers below it. */
export function selections({ machine, images }: Recipe): Selection[] {
  const own = (['machine', 'kernel', 'firmware', 'installer', 'compiler'] as const).map((group): Selection => ({
    group,
    packages: machine[group].packages,
    satisfied: machine[group].satisfied,
  }));
  const layers = Object.entries(images.layers).filter(([, layer]) => layer.packages.length > 0).map(([name]): Selection => {
    const chain = layerChain(images, name).map(([, layer]) => layer);
    return { group: layerGroup(name), packages: chain.flatMap((layer) => layer.packages), satisfied: Object.assign({}, ...chain.map((layer) => layer.satisfied)) };
  });
  return [...own, ...layers];
}

/** Hash over what of the recipe decides the packages; a lock with another one is out of date. */
export function selectionHash(recipe: Recipe): string {
  const { suites, dependencies } = recipe.machine;
  return sha256(JSON.stringify({ suites, dependencies, selections: selections(recipe) }));
}
