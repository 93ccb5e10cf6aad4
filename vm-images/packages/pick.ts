/** Takes files out of Debian's packages. */
import { z } from 'zod';
import { readDeb } from '../builder/debian/deb.ts';
import type { Store } from '../builder/debian/download.ts';
import type { BuildError } from '../builder/errors.ts';
import { readPackage } from '../builder/fetch.ts';
import type { LockedPackage } from '../builder/lock.ts';
import { absolute } from '../builder/recipe-fields.ts';
import type { TarEntry } from '../builder/tar.ts';

export const sourceSchema = z.strictObject({ package: z.string().describe('A package of Debian'), keep: z.array(absolute).min(1).describe('Paths to take from it') });

export interface Picked {
  readonly entries: TarEntry[];
  /** The packages that they are from. */
  readonly sources: LockedPackage[];
}

/** @param invalid makes an error of what is wrong with the recipe @throws BuildError */
export async function pickFiles(of: readonly z.infer<typeof sourceSchema>[], known: readonly LockedPackage[], debs: Store, invalid: (what: string) => BuildError): Promise<Picked> {
  const picked: Picked = { entries: [], sources: [] };
  for (const { package: name, keep } of of) {
    const source = known.find((entry) => entry.name === name);
    if (source === undefined) throw invalid(`is made of ${name}, which is not locked`);
    picked.sources.push(source);
    const deb = await readDeb(`${source.name} ${source.version}`, await readPackage(debs, source));
    for (const path of keep) {
      const entry = deb.entries.find((candidate) => `/${candidate.path}` === path);
      if (entry === undefined) throw invalid(`takes ${path} from ${source.name} ${source.version}, which has no such file`);
      picked.entries.push(entry);
    }
  }
  return picked;
}
