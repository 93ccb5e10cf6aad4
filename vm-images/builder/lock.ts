/** `vm-images/lock.json`: the exact packages of a build, so that two builds have the same input. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Selected } from './debian/resolve.ts';
import { BuildError } from './errors.ts';
import { writeFileAtomically } from './paths.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const lockedSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  architecture: z.string(),
  suite: z.string().describe('Name in the recipe'),
  filename: z.string().regex(/^pool\/(?!.*\.\.)/).describe('Path relative to the root of the archive'),
  size: z.int().positive(),
  sha256: hash,
  pattern: z.string().optional().describe('The pattern in the recipe that it is the newest match of'),
});

const lockSchema = z.strictObject({
  schema: z.literal(1),
  recipe: hash.describe('Hash over what of the recipe decides the packages'),
  date: z.iso.datetime().describe('Date of the newest signed index used: the time stamp of everything the builder generates'),
  packages: z.record(z.string(), lockedSchema).describe('By name and version'),
  groups: z.record(z.string(), z.array(z.string())).describe('Keys of packages, in install order'),
});

export type LockedPackage = z.infer<typeof lockedSchema>;
export type Lock = z.infer<typeof lockSchema>;

function keyOf(entry: { name: string; version: string }): string {
  return `${entry.name} ${entry.version}`;
}

export function createLock(recipe: string, date: Date, groups: ReadonlyMap<string, readonly Selected[]>): Lock {
  const packages = new Map<string, LockedPackage>();
  for (const { package: one, pattern } of [...groups.values()].flat()) {
    packages.set(keyOf(one), {
      name: one.name,
      version: one.version,
      architecture: one.architecture,
      suite: one.suite,
      filename: one.filename,
      size: one.size,
      sha256: one.sha256,
      ...(pattern === undefined ? {} : { pattern }),
    });
  }
  return {
    schema: 1,
    recipe,
    date: date.toISOString(),
    packages: Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1))),
    groups: Object.fromEntries([...groups].map(([group, entries]) => [group, entries.map((entry) => keyOf(entry.package))])),
  };
}

export function formatLock(lock: Lock): string {
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

export async function writeLock(path: string, lock: Lock): Promise<void> {
  await writeFileAtomically(path, formatLock(lock));
}

/** @throws BuildError `lock-missing`, `lock-invalid`, or `lock-outdated` when the recipe asks for other packages by now */
export async function readLock(path: string, recipe: string): Promise<Lock> {
  const hint = 'Run `npm run vm:lock`.';
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new BuildError('lock-missing', `There is no lock file ${path}.`, hint, error);
  });
  return parseLock(text, recipe, path);
}

export function parseLock(text: string, recipe: string, path: string): Lock {
  const hint = 'Run `npm run vm:lock`.';
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new BuildError('lock-invalid', `The lock file ${path} is not JSON.`, hint, error);
  }
  const result = lockSchema.safeParse(data);
  if (!result.success) {
    throw new BuildError('lock-invalid', `The lock file ${path} is not valid:\n${z.prettifyError(result.error)}`, hint);
  }
  if (result.data.recipe !== recipe) {
    throw new BuildError('lock-outdated', 'The recipe asks for other packages than the lock file was made for.', hint);
  }
  return result.data;
}

/** Time stamp of what the builder makes itself, in seconds since 1970. */
export function epochOf(lock: Lock): number {
  return Math.floor(Date.parse(lock.date) / 1000);
}

/** The lock as if it had been made for these groups only. */
export function restrictLock(lock: Lock, groups: readonly string[]): Lock {
  const kept = Object.fromEntries(Object.entries(lock.groups).filter(([group]) => groups.includes(group)));
  const keys = new Set(Object.values(kept).flat());
  return { ...lock, groups: kept, packages: Object.fromEntries(Object.entries(lock.packages).filter(([key]) => keys.has(key))) };
}

/** The packages of a group in install order. */
export function groupPackages(lock: Lock, group: string): LockedPackage[] {
  return (lock.groups[group] ?? []).map((key) => {
    const found = lock.packages[key];
    if (found === undefined) {
      throw new BuildError('lock-invalid', `The lock file lists "${key}" in the group "${group}" but does not describe it.`, 'Run `npm run vm:lock`.');
    }
    return found;
  });
}
