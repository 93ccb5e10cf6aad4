import { describe, expect, it } from 'vitest';
import { parseCourse } from '../../checkers/course.ts';
import { courseText as text } from '../../checkers/testing/course.ts';
import { checkCourse, labByDefault, shownModules } from './course.ts';

const good = ['en/index.mdx', 'zh-cn/index.mdx', 'en/containers/first.mdx', 'zh-cn/containers/first.mdx', 'en/containers/all-alone.mdx', 'zh-cn/containers/all-alone.mdx'];

describe('checkCourse', () => {
  const course = parseCourse(text);

  it('shows modules with lessons only', () => {
    expect(shownModules(course).map(({ id }) => id)).toEqual(['containers']);
  });

  it('is content with folders that fit', () => {
    expect(checkCourse(course, good)).toEqual({ errors: [], missing: [] });
  });

  it('reports a translation that is missing, but not as an error', () => {
    expect(checkCourse(course, good.filter((file) => file !== 'zh-cn/containers/first.mdx'))).toEqual({ errors: [], missing: [{ locale: 'zh-cn', slug: 'containers/first' }] });
  });

  it('reports a translation of another page that is missing as well, behind those of lessons', () => {
    const files = [...good.filter((file) => !/^zh-cn\/(index|containers\/first)\./.test(file)), 'en/sandbox.mdx'];
    expect(checkCourse(course, files)).toEqual({ errors: [], missing: ['containers/first', 'index', 'sandbox'].map((slug) => ({ locale: 'zh-cn', slug })) });
  });

  it.each([
    ['a lesson that is not listed', [...good, 'en/images/pull.mdx'], 'content/en/images/pull.mdx: is not in content/course.yaml; add “- name: pull” to the lessons of the module “images”'],
    ['a module that is not listed', [...good, 'en/imgs/pull.mdx'], 'content/course.yaml has no module “imgs”'],
    ['a listed lesson without its file', good.filter((file) => !file.endsWith('containers/first.mdx')), 'content/en/containers/first.mdx: is in content/course.yaml, but there is no such file'],
    ['a lesson without its English text', good.filter((file) => file !== 'en/containers/first.mdx'), 'content/en/containers/first.mdx: is in content/course.yaml, but'],
    ['a lesson in no module', [...good, 'en/pull.mdx'], 'content/en/pull.mdx: a lesson belongs into the folder of its module'],
    ['another page without its English text', [...good, 'zh-cn/sandbox.mdx'], 'content/en/sandbox.mdx: there is no such file, only translations of it'],
    ['the former layout', [...good, 'en/first-container/index.mdx'], 'content/en/first-container/index.mdx: a lesson is a file in the folder of its module'],
  ])('tells what to do about %s', (_, files, problem) => {
    const { errors } = checkCourse(course, files);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(problem);
  });

  it('refuses an old address that is in use', () => {
    expect(checkCourse(parseCourse(text.replace('old-first', 'images')), good).errors[0]).toContain('the old address “images” of containers/first is in use');
  });
});

it('a lesson without an exercise has the lab where its module or the course says so', () => {
  const course = parseCourse(text.replace('id: images', 'id: images\n    defaults: { lab: false }').replace('lessons: []', 'lessons: [{ name: pull }]').replace('modules:', 'defaults: { lab: true }\nmodules:'));
  expect(labByDefault(course, 'images/pull')).toBe(false);
  expect(labByDefault(course, 'containers/first')).toBe(true);
  expect(labByDefault(course, 'sandbox')).toBeUndefined();
  expect(labByDefault(parseCourse(text), 'containers/first')).toBeUndefined();
});
