/** Fields that the recipes of the machine and of the container images share. */
import { z } from 'zod';

export const absolute = z.string().regex(/^\/[^\0]*[^/\0]$/).describe('Absolute path without a slash at its end');
const mode = z
  .string()
  .regex(/^[0-7]{4}$/)
  .transform((text) => Number.parseInt(text, 8))
  .describe('Permission bits, four octal digits in quotes');
const owner = z.string().regex(/^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$/).default('root:root').describe('user:group, by name');

/** A list that may contain lists, since YAML can repeat a list by its anchor but not add to it. */
const patterns = z
  .array(z.union([z.string(), z.array(z.string())]))
  .default([])
  .transform((list) => list.flat());

export const packagesSchema = z.strictObject({
  from: z.array(z.string()).min(1).describe('Suites; the newest version in any of them is taken'),
  names: z.array(z.string()).min(1).describe('Package names; `*` stands for any text and means the newest match'),
});

export const selectionFields = {
  packages: z.array(packagesSchema).min(1),
  satisfied: z.record(z.string(), z.string().min(1)).default({}).describe('Dependencies left out on purpose: name to reason'),
};

export const treeFields = {
  exclude: patterns.describe('Glob patterns of paths not to unpack: `*` within a name, `**` across folders'),
  keep: patterns.describe('Exceptions from `exclude`'),
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
export const treeSchema = z.strictObject(treeFields);

export type TreeRecipe = z.infer<typeof treeSchema>;
