import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readLock } from './lock.ts';
import { lockFile, recipeFolder } from './paths.ts';
import { layerChain } from './recipe-images.ts';
import { readRecipe, selectionHash, selections, type Recipe } from './recipe.ts';

describe('the recipe of the repository', () => {
  let recipe: Recipe;
  beforeAll(async () => {
    recipe = await readRecipe(recipeFolder);
  });

  it('is valid, and the lock file is of it', async () => {
    const lock = await readLock(lockFile, selectionHash(recipe));
    expect(Object.keys(lock.groups)).toEqual(selections(recipe).map((selection) => selection.group));
  });

  it('puts what a layer stands on into its selection', () => {
    const nginx = selections(recipe).find((selection) => selection.group === 'layer-nginx');
    expect(nginx?.packages.flatMap((request) => request.names)).toEqual(expect.arrayContaining(['bash', 'nginx']));
    expect(layerChain(recipe.images, 'nginx-site').map(([name]) => name)).toEqual(['debian', 'nginx', 'nginx-site']);
  });

  it('has a hash that depends on the packages only', () => {
    const renamed = { ...recipe, machine: { ...recipe.machine, machine: { ...recipe.machine.machine, hostname: 'other' } } };
    expect(selectionHash(renamed)).toBe(selectionHash(recipe));
    const smaller = { ...recipe, machine: { ...recipe.machine, dependencies: ['trixie'] } };
    expect(selectionHash(smaller)).not.toBe(selectionHash(recipe));
  });
});

describe('readRecipe', () => {
  let folder = '';
  let machine = '';
  let images = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recipe-'));
    machine = await readFile(join(recipeFolder, 'machine.yaml'), 'utf8');
    images = await readFile(join(recipeFolder, 'images.yaml'), 'utf8');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['an unknown field', () => (machine += 'surprise: 1\n'), /surprise/],
    ['a mode that is no mode', () => (machine = machine.replace("mode: '0440'", "mode: '9'")), /mode/],
    ['a layer on nothing', () => (images = images.replace('base: nginx', 'base: nothing')), /layer nginx-site stands on the layer "nothing"/],
    ['layers in circles', () => (images = images.replace("  debian: &debian\n", "  debian: &debian\n    base: nginx\n")), /in circles/],
  ])('refuses %s', async (_, spoil, message) => {
    spoil();
    await writeFile(join(folder, 'machine.yaml'), machine);
    await writeFile(join(folder, 'images.yaml'), images);
    const read = readRecipe(folder).then(selections);
    await expect(read).rejects.toMatchObject({ code: 'recipe-invalid', message: expect.stringMatching(message) });
  });
});
