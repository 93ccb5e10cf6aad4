/** What rpm packages require, provide, obsolete: names, mostly with a version. */

export interface Relation {
  readonly name: string;
  /** As rpm has it: which of less, greater and equal are meant, and who asks. */
  readonly flags: number;
  /** `[epoch:]version[-release]`, or nothing. */
  readonly version: string;
}

export const comparisons: Readonly<Record<string, number>> = { '<': 2, '>': 4, '=': 8, '<=': 10, '>=': 12 };

/** That a package uses something of rpm itself. */
const rpmFeature = 1 << 24;

/** `docker-ce-cli`, or `docker-ce-cli >= 1:26.1`. @throws SyntaxError */
export function parseRelation(text: string): Relation {
  const match = /^(\S+)(?: (<|>|=|<=|>=) (\S+))?$/.exec(text);
  if (match?.[1] === undefined) throw new SyntaxError(`“${text}” is no relation of rpm packages`);
  return { name: match[1], flags: comparisons[match[2] ?? ''] ?? 0, version: match[3] ?? '' };
}

/** What a package is written with. */
export const rpmFeatures: readonly Relation[] = [
  ['CompressedFileNames', '3.0.4-1'],
  ['PayloadFilesHavePrefix', '4.0-1'],
  ['PayloadIsZstd', '5.4.18-1'],
].map(([name, version = '']) => ({ name: `rpmlib(${name})`, flags: rpmFeature | 10, version }));

export function isRpmFeature({ flags }: Relation): boolean {
  return (flags & rpmFeature) !== 0;
}

/** Parts of a version, as an index lists them. */
export function versionParts(version: string): { epoch: string; version: string; release: string | undefined } {
  const match = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/.exec(version);
  return { epoch: match?.[1] ?? '0', version: match?.[2] ?? version, release: match?.[3] };
}
