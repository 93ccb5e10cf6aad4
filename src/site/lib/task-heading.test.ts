import { expect, it } from 'vitest';
import { taskHeading } from './task-heading.ts';

it('is a section of its own before the first section of the text, and part of it below', () => {
  const page = 'Begin.\n\n```sh\n## no heading\n```\n\n<Task id="first" />\n\n## Next\n\n<Task id="second" />\n';
  expect(taskHeading(page, 'first')).toBe('h2');
  expect(taskHeading(page, 'second')).toBe('h3');
});

it('is a section of its own on a page without sections', () => {
  expect(taskHeading('<Task id="only" />', 'only')).toBe('h2');
});
