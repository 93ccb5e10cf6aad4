/** The images of the recipe with everything filled in that depends on the locked packages. */
import { fillTemplate, templateNames } from '../../../src/shared/locale.ts';
import { BuildError } from '../errors.ts';
import { groupPackages, type Lock } from '../lock.ts';
import { layerChain, layerGroup, type ImageRecipe, type ImagesRecipe } from '../recipe-images.ts';
import type { ImageSettings } from './image.ts';

export interface PlannedImage {
  /** Without a namespace, such as `nginx`. */
  readonly repository: string;
  readonly tags: readonly string[];
  /** Those of the tags that are in the machine from the start. */
  readonly preload: readonly string[];
  readonly settings: ImageSettings;
  readonly recipe: ImageRecipe;
}

/** @throws BuildError `recipe-invalid` where two images of a repository have the same tag, or a version cannot be told */
export function planImages(images: ImagesRecipe, lock: Lock): PlannedImage[] {
  const planned: PlannedImage[] = [];
  for (const [repository, { images: list }] of Object.entries(images.repositories)) {
    const seen = new Set<string>();
    for (const recipe of list) {
      const fill = filler(repository, recipe, images, lock);
      const tags = [...new Set(recipe.tags.map(fill))];
      const twice = tags.find((tag) => seen.has(tag));
      if (twice !== undefined) throw new BuildError('recipe-invalid', `Two images are called ${repository}:${twice}.`, 'Change the tags in vm-images/recipe/images.yaml.');
      tags.forEach((tag) => seen.add(tag));
      planned.push({ repository, tags, preload: recipe.preload, settings: settingsOf(recipe, fill), recipe });
    }
  }
  return planned;
}

function settingsOf(recipe: ImageRecipe, fill: (text: string) => string): ImageSettings {
  const { entrypoint, command, user, workdir, ports, volumes, stopSignal } = recipe;
  const labels = Object.fromEntries(Object.entries(recipe.labels).map(([name, value]) => [name, fill(value)]));
  const environment = Object.entries(recipe.environment).map(([name, value]) => `${name}=${fill(value)}`);
  return { environment, entrypoint, command, user, workdir, ports, volumes, stopSignal, labels };
}

/** A function that fills parts of the version of the image's package into a text. */
function filler(repository: string, { version, layer }: ImageRecipe, images: ImagesRecipe, lock: Lock): (text: string) => string {
  if (version === undefined) return (text) => text;
  const groups = layer === undefined ? [] : layerChain(images, layer).map(([name]) => layerGroup(name));
  const found = groups.flatMap((group) => groupPackages(lock, group)).find((entry) => entry.name === version);
  const parts = found === undefined ? undefined : upstreamVersion(found.version);
  if (parts === undefined) throw new BuildError('recipe-invalid', `The image ${repository} takes its version from ${version}, which is not in its layers or has none.`, 'Correct `version` in vm-images/recipe/images.yaml.');
  return (text) => {
    const filled = fillTemplate(text, parts);
    if (templateNames(filled).length > 0) throw new BuildError('recipe-invalid', `${repository}: version ${found?.version} has nothing for "${text}".`, 'Correct vm-images/recipe/images.yaml.');
    return filled;
  };
}

/** Of `5:8.0.2-3+deb13u3`: major 8, minor 8.0, patch 8.0.2. What it does not have is left out. */
export function upstreamVersion(version: string): Record<string, string> | undefined {
  const numbers = /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1]?.split('.');
  if (numbers === undefined) return undefined;
  const names = ['major', 'minor', 'patch'].slice(0, numbers.length);
  return Object.fromEntries(names.map((name, index) => [name, numbers.slice(0, index + 1).join('.')]));
}
