import { expect, test } from 'vitest';
import { describeContainer } from './containers.ts';
import { History } from './history.ts';
import { type GuestReader, Look, type SeenContainer } from './look.ts';
import { FakeEngine } from './testing/fake-engine.ts';

const refused = (): never => {
  throw new Error('nothing is to be asked for');
};
const guest: GuestReader = { readFile: refused, listDir: refused, exec: refused };
const look = new Look(new FakeEngine([]), guest, new History(), new AbortController().signal);
const seen: SeenContainer = { id: 'c'.repeat(64), name: 'web', image: 'nginx', imageId: undefined, state: 'running', labels: {} };

test.each([
  ['library/nginx:latest', 'nginx'],
  [`sha256:${'a'.repeat(64)}`, 'a'.repeat(12)],
])('the image %s is told of as %s', async (image, shown) => {
  expect(await describeContainer(look, { ...seen, image }, ['image'])).toMatchObject({ name: 'web', image: shown, id: 'c'.repeat(12) });
});
