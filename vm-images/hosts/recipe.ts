/**
 * The recipe of the installation hosts and of Debian's archive in their network: `vm-images/hosts/hosts.yaml`.
 *
 * It stands apart from the machine's, with a lock of its own, so that a change of a host never builds the machine anew.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../builder/debian/download.ts';
import { BuildError } from '../builder/errors.ts';
import { imagesFolder } from '../builder/paths.ts';
import { absolute, selectionFields } from '../builder/recipe-fields.ts';
import { imagesSchema } from '../builder/recipe-images.ts';
import { layerSelections, type Recipe, type Selection } from '../builder/recipe.ts';

export const hostsFolder = join(imagesFolder, 'hosts');
export const hostsLockFile = join(hostsFolder, 'lock.json');

const hostSchema = z.strictObject({
  hostname: z.string(),
  packages: selectionFields.packages.describe('Installed by dpkg, with what they need and the machine has not'),
  satisfied: selectionFields.satisfied,
  purge: z.array(z.string()).describe('Packages that dpkg purges'),
  purgePaths: z.array(absolute).default([]).describe('Paths of the machine that are nobody\'s, with everything below'),
  purgeGroups: z.array(z.string()).default([]).describe('Groups of users to remove'),
  files: z
    .array(
      z
        .strictObject({ path: absolute, text: z.string().optional().describe('The content'), from: z.string().optional().describe('The content, as a file of hosts/files') })
        .refine((file) => (file.text === undefined) !== (file.from === undefined), 'exactly one of text and from'),
    )
    .default([])
    .describe("Files of the host's own package"),
});

const hostsSchema = z.strictObject({
  hosts: z.record(z.string().regex(/^[a-z]+$/), hostSchema),
  archive: z.strictObject({ ...selectionFields, suite: z.string().describe('Name of the suite that it calls itself') }),
});

export type HostsRecipe = z.infer<typeof hostsSchema>;
export type HostRecipe = z.infer<typeof hostSchema>;

/** @throws BuildError `recipe-invalid` */
export async function readHosts(): Promise<HostsRecipe> {
  const path = join(hostsFolder, 'hosts.yaml');
  const result = hostsSchema.safeParse(parse(await readFile(path, 'utf8')));
  if (result.success) return result.data;
  throw new BuildError('recipe-invalid', `The recipe ${path} is not valid:\n${z.prettifyError(result.error)}`, 'Correct the file; the schema stands in vm-images/hosts/recipe.ts.');
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
