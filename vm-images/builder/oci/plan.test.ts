import { describe, expect, it } from 'vitest';
import type { Lock } from '../lock.ts';
import { imagesSchema, preloadedPart } from '../recipe-images.ts';
import { planImages, upstreamVersion } from './plan.ts';

const packaged = { architecture: 'i386', suite: 'trixie', filename: 'pool/web.deb', size: 1, sha256: '0'.repeat(64) };
const lock: Lock = {
  schema: 1,
  recipe: '0'.repeat(64),
  date: '2026-01-01T00:00:00.000Z',
  packages: { 'web 2:1.26.3-3': { name: 'web', version: '2:1.26.3-3', ...packaged } },
  groups: { 'layer-web': ['web 2:1.26.3-3'] },
};
const layers = {
  web: { createdBy: 'web', packages: [{ from: ['trixie'], names: ['web'] }] },
  'web-site': { createdBy: 'site', base: 'web' },
  other: { createdBy: 'other' },
};
const image = { tags: ['latest', '{major}', '{minor}', '{patch}'], version: 'web', layer: 'web-site', command: ['web'], environment: { WEB: '{patch}' } };
const recipe = (...images: object[]) => imagesSchema.parse({ layers, repositories: { web: { description: { en: 'a', 'zh-cn': '甲' }, images } } });

describe('planImages', () => {
  it('fills the version of the package into tags and variables', () => {
    const [planned] = planImages(recipe(image), lock);
    expect(planned?.tags).toEqual(['latest', '1', '1.26', '1.26.3']);
    expect(planned?.settings.environment).toContain('WEB=1.26.3');
    expect(planned?.settings.environment[0]).toMatch(/^PATH=/);
  });

  it('refuses a tag of two images, and a package that is not there', () => {
    expect(() => planImages(recipe(image, { ...image, tags: ['1.26'] }), lock)).toThrow(/Two images are called web:1.26/);
    expect(() => planImages(recipe({ ...image, version: 'nothing' }), lock)).toThrow(/takes its version from nothing/);
  });
});

describe('upstreamVersion', () => {
  it.each([
    ['5:8.0.2-3+deb13u3', { major: '8', minor: '8.0', patch: '8.0.2' }],
    ['2.8.3+ds1-2+b8', { major: '2', minor: '2.8', patch: '2.8.3' }],
    ['17.11-0+deb13u1', { major: '17', minor: '17.11' }],
    ['1:1.37.0-6+b9', { major: '1', minor: '1.37', patch: '1.37.0' }],
  ])('of %s', (version, parts) => expect(upstreamVersion(version)).toEqual(parts));
});

describe('imagesSchema', () => {
  it.each([
    ['a template without a version', { ...image, version: undefined }, /needs a version/],
    ['an unknown template', { ...image, tags: ['{micro}'] }, /filled in/],
    ['a preloaded tag that the image has not', { ...image, preload: ['newest'] }, /preload/],
    ['neither layer nor program', { ...image, layer: undefined }, /exactly one/],
  ])('refuses %s', (_, wrong, message) => expect(() => recipe(wrong)).toThrow(message));
});

describe('preloadedPart', () => {
  it('has the images of the machine and the layers below them, nothing else', () => {
    const part = preloadedPart(recipe({ ...image, preload: ['latest'] }, { tags: ['other'], layer: 'other', command: ['x'] }));
    expect(part.repositories.web?.images.map(({ tags }) => tags[0])).toEqual(['latest']);
    expect(Object.keys(part.layers)).toEqual(['web', 'web-site']);
    expect(preloadedPart(recipe(image)).repositories).toEqual({});
  });
});
