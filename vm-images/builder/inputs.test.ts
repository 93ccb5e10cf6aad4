import { beforeAll, describe, expect, it } from 'vitest';
import { machineInputHash, machineLockGroups, registryInputHash } from './inputs.ts';
import { recipeFolder } from './paths.ts';
import type { ImagesRecipe } from './recipe-images.ts';
import { readRecipe } from './recipe.ts';

let images: ImagesRecipe;
beforeAll(async () => {
  images = (await readRecipe(recipeFolder)).images;
});

/** The recipe with the commands of one repository changed. */
function changed(name: string): ImagesRecipe {
  const repository = images.repositories[name];
  if (repository === undefined) throw new Error(`there is no ${name}`);
  return { ...images, repositories: { ...images.repositories, [name]: { ...repository, images: repository.images.map((image) => ({ ...image, command: ['other'] })) } } };
}

describe('what the machine is made from', () => {
  it('has the images that are in it from the start, and not what only the registry has', async () => {
    const before = await machineInputHash(images);
    expect(await machineInputHash(changed('redis'))).toBe(before);
    expect(await machineInputHash(changed('nginx'))).not.toBe(before);
  });

  it('has the layers of those images', async () => {
    const { nginx, redis } = images.layers;
    if (nginx === undefined || redis === undefined) throw new Error('the recipe has no such layers');
    const before = await machineInputHash(images);
    expect(await machineInputHash({ ...images, layers: { ...images.layers, redis: { ...redis, createdBy: 'other' } } })).toBe(before);
    expect(await machineInputHash({ ...images, layers: { ...images.layers, nginx: { ...nginx, createdBy: 'other' } } })).not.toBe(before);
    expect(machineLockGroups(images)).toEqual(expect.arrayContaining(['machine', 'kernel', 'layer-debian', 'layer-nginx']));
    expect(machineLockGroups(images)).not.toContain('layer-redis');
  });
});

describe('what the registry is made from', () => {
  it('is the same as long as nothing changes', async () => {
    expect(await registryInputHash()).toBe(await registryInputHash());
  });
});
