/** Reads the files of recipes: YAML that a schema checks. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { BuildError } from './errors.ts';

/** @param schemaPlace where who has to correct the file finds its schema @throws BuildError `recipe-invalid` */
export async function readRecipeFile<T>(path: string, schema: z.ZodType<T>, schemaPlace: string): Promise<T> {
  const result = schema.safeParse(parse(await readFile(path, 'utf8'), { merge: true }));
  if (result.success) return result.data;
  throw new BuildError('recipe-invalid', `The recipe ${path} is not valid:\n${z.prettifyError(result.error)}`, `Correct the file; the schema stands in ${schemaPlace}.`);
}
