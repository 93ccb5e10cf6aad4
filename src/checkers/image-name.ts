/** Comparing image names as the engine does. */
import type { ImageSummary } from '../guest/engine/schemas.ts';

/** The full form without the parts that are implied: `docker.io/library/nginx:latest` and `nginx` are the same. */
export function familiarName(reference: string): string {
  const name = reference.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  return name.replace(/:latest$/, '');
}

/** Whether a reference names the image: by name, or by the start of its id. */
export function namesImage(reference: string, wanted: string, wantedId: string | undefined): boolean {
  if (familiarName(reference) === familiarName(wanted)) return true;
  if (wantedId === undefined) return false;
  const hex = wantedId.replace(/^sha256:/, '');
  const given = reference.replace(/^sha256:/, '');
  return /^[0-9a-f]{4,64}$/.test(given) && hex.startsWith(given);
}

/** Id of the image that has the name, if there is one. */
export async function imageId(look: { images(): Promise<ImageSummary[]> }, name: string): Promise<string | undefined> {
  const images = await look.images();
  return images.find((image) => image.RepoTags.some((tag) => familiarName(tag) === familiarName(name)))?.Id;
}
