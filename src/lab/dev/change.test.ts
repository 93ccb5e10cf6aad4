import { expect, it } from 'vitest';
import type { Exercise } from '../../checkers/schema.ts';
import type { PageData } from '../page-data.ts';
import { needsNewPage } from './change.ts';

const exercise = {
  id: 'layers', host: 'machine', start: { files: [], commands: ['mkdir web'], images: [], containers: [] },
  tasks: [{ id: 'history', title: { en: 'Look', 'zh-cn': '看' } }],
} as unknown as Exercise;
const data = { locale: 'en', exercise, imageId: 'one', manifestUrl: '/vm/manifest.json' } as PageData;

const withExercise = (change: Partial<Exercise>): PageData => ({ ...data, exercise: { ...exercise, ...change } });

it('goes on with other texts and other tasks', () => {
  expect(needsNewPage(data, structuredClone(data))).toBeUndefined();
  expect(needsNewPage(data, withExercise({ tasks: [] }))).toBeUndefined();
  expect(needsNewPage(data, { ...data, page: { path: 'a/b', title: 'Other' } })).toBeUndefined();
});

it('needs a new machine for another start, exercise, host or image', () => {
  expect(needsNewPage(data, withExercise({ start: { ...exercise.start, commands: [] } }))).toBe('start');
  expect(needsNewPage(data, withExercise({ id: 'other' }))).toBe('exercise');
  expect(needsNewPage(data, { ...data, exercise: undefined })).toBe('exercise');
  expect(needsNewPage(data, { ...withExercise({ host: 'debian' }), manifestUrl: '/vm/debian.json' })).toBe('host');
  expect(needsNewPage(data, { ...data, imageId: 'two' })).toBe('image');
});
