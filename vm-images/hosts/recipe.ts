/**
 * The recipe of the installation hosts and of Debian's archive in their network: `vm-images/hosts/hosts.yaml`.
 *
 * It stands apart from the machine's, with a lock of its own, so that a change of a host never builds the machine anew.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../builder/debian/download.ts';
import { imagesFolder } from '../builder/paths.ts';
import { absolute, selectionFields } from '../builder/recipe-fields.ts';
import { readRecipeFile } from '../builder/recipe-file.ts';
import { imagesSchema } from '../builder/recipe-images.ts';
import { keyNames, type KeyName } from '../packages/signing-keys.ts';
import { layerSelections, type Recipe, type Selection } from '../builder/recipe.ts';

export const hostsFolder = join(imagesFolder, 'hosts');
export const hostsLockFile = join(hostsFolder, 'lock.json');

const keys = Object.keys(keyNames) as [KeyName, ...KeyName[]];

const hostSchema = z.strictObject({
  hostname: z.string(),
  packages: selectionFields.packages.describe('Installed by dpkg, with what they need and the machine has not'),
  satisfied: selectionFields.satisfied,
  purge: z.array(z.string()).describe('Packages that dpkg purges'),
  provides: z.array(z.string()).default([]).describe('What its own package says to be there: what packages depend on and the host does without'),
  purgePaths: z
    .array(z.union([absolute, z.array(absolute)]))
    .default([])
    .transform((paths) => paths.flat())
    .describe('Paths to remove at last, with everything below; a list in the list stands for its paths'),
  purgeGroups: z.array(z.string()).default([]).describe('Groups of users to remove'),
  files: z
    .array(
      z
        .strictObject({
          path: absolute,
          text: z.string().optional().describe('The content'),
          from: z.string().optional().describe('The content, as a file of hosts/files'),
          key: z.enum(keys).optional().describe('The content: a public key of packages/signing-keys.ts, in text unless the name ends with .pgp'),
          executable: z.boolean().default(false),
        })
        .refine((file) => [file.text, file.from, file.key].filter((content) => content !== undefined).length === 1, 'exactly one of text, from and key'),
    )
    .default([])
    .describe("Files of the host's own package"),
  firstCommands: z.array(z.string()).describe('What a learner looks at first'),
  rpm: z
    .strictObject({ name: z.string(), version: z.string(), provides: z.array(z.string()) })
    .optional()
    .describe("The first package of rpm's database: without files, it provides what dpkg has installed"),
});

const hostsSchema = z.strictObject({
  hosts: z.record(z.string().regex(/^[a-z]+$/), hostSchema),
  archive: z.strictObject({
    ...selectionFields,
    suite: z.string().describe('Name of the suite that it calls itself'),
    suggested: z.array(z.string()).describe('Packages that others recommend, and which its index only suggests'),
  }),
});

export type HostsRecipe = z.infer<typeof hostsSchema>;
export type HostRecipe = z.infer<typeof hostSchema>;

/** @throws BuildError `recipe-invalid` */
export function readHosts(): Promise<HostsRecipe> {
  return readRecipeFile(join(hostsFolder, 'hosts.yaml'), hostsSchema, 'vm-images/hosts/recipe.ts');
}

/** Groups of the hosts' lock. */
export const archiveGroup = 'layer-archive';
export const hostGroup = (name: string): string => `layer-${name}`;

/**
 * The hosts' packages in the form that the builder knows: layers on nothing, in the machine's suites. Without the machine's
 * own groups, which are locked elsewhere.
 */
export function asRecipe({ hosts, archive }: HostsRecipe, { machine }: Recipe): Recipe {
  const layers = { archive, ...hosts };
  const plain = Object.entries(layers).map(([name, { packages, satisfied }]) => [name, { packages, satisfied, createdBy: name }]);
  return { machine, images: imagesSchema.parse({ layers: Object.fromEntries(plain), repositories: {} }) };
}

export function hostSelections(recipe: Recipe): Selection[] {
  return layerSelections(recipe.images, recipe.machine.dependencies);
}

/** Hash over what of the recipe decides the packages. */
export function hostSelectionHash(recipe: Recipe): string {
  const { suites, dependencies } = recipe.machine;
  return sha256(JSON.stringify({ suites, dependencies, selections: hostSelections(recipe) }));
}
