import { expect, it } from 'vitest';
import { inherit } from './inherit.ts';

it('the nearer wins, and what only one of them has stays', () => {
  expect(inherit({ host: 'debian', minutes: 9 }, { host: 'centos', lab: false })).toEqual({ host: 'centos', minutes: 9, lab: false });
});

it('objects are merged one level deep, lists are replaced', () => {
  const outer = { start: { images: ['busybox', 'nginx'], commands: ['true'], deep: { a: 1 } } };
  expect(inherit<object>(outer, { start: { images: ['debian'], deep: { b: 2 } } })).toEqual({ start: { images: ['debian'], commands: ['true'], deep: { b: 2 } } });
  expect(inherit<object>(outer, { start: { images: [] } })).toMatchObject({ start: { images: [], commands: ['true'] } });
  expect(outer.start.images).toEqual(['busybox', 'nginx']);
});

it('a field without a value is none, but null is a value: the schema then says that it is wrong', () => {
  expect(inherit<object>({ host: 'debian', start: { images: ['a'] } }, { host: undefined, start: { images: undefined } })).toEqual({ host: 'debian', start: { images: ['a'] } });
  expect(inherit<object>({ host: 'debian' }, { host: null })).toEqual({ host: null });
});
