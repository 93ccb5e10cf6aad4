import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isDrydockError } from '../../shared/errors.ts';
import { checkCourse, parseCourse, shownModules } from './course.ts';

const text = `modules:
  - id: images
    title: { en: Images, zh-cn: 镜像 }
    summary: { en: What, zh-cn: 什么 }
    lessons: []
  - id: containers
    title: { en: Containers, zh-cn: 容器 }
    summary: { en: What, zh-cn: 什么 }
    lessons:
      - { name: first, formerly: [old-first] }
      - { name: all-alone, kind: challenge, minutes: 12 }
`;
const good = ['en/index.mdx', 'zh-cn/index.mdx', 'en/containers/first.mdx', 'zh-cn/containers/first.mdx', 'en/containers/all-alone.mdx', 'zh-cn/containers/all-alone.mdx'];

function problemsOf(broken: string): string {
  try {
    parseCourse(broken);
  } catch (error) {
    if (isDrydockError(error, 'content-invalid')) return String(error.params['problems']);
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseCourse', () => {
  it('accepts the course that is there', () => {
    expect(parseCourse(readFileSync('content/course.yaml', 'utf8')).modules.map(({ id }) => id)).toContain('containers');
  });

  it('fills in what may be left out, and shows modules with lessons only', () => {
    const course = parseCourse(text);
    expect(shownModules(course).map(({ id }) => id)).toEqual(['containers']);
    expect(course.modules[1]?.lessons[0]).toEqual({ name: 'first', kind: 'lesson', formerly: ['old-first'] });
  });

  it.each([
    ['a misspelt field', text.replace('minutes', 'minute'), 'line 11, modules.1.lessons.1: does not know “minute”; did you mean “minutes”?'],
    ['a module twice', text.replace('id: images', 'id: containers'), 'line 6, modules.1.id: module “containers” is there twice'],
    ['a lesson twice', text.replace('all-alone', 'first'), 'line 11, modules.1.lessons.1.name: lesson “first” is there twice'],
    ['a kind there is not', text.replace('challenge', 'exam'), 'must be lesson or challenge'],
  ])('tells of %s with its line', (_, broken, problem) => {
    expect(problemsOf(broken)).toContain(problem);
  });
});

describe('checkCourse', () => {
  const course = parseCourse(text);

  it('is content with folders that fit', () => {
    expect(checkCourse(course, good)).toEqual({ errors: [], missing: [] });
  });

  it('reports a translation that is missing, but not as an error', () => {
    expect(checkCourse(course, good.filter((file) => file !== 'zh-cn/containers/first.mdx'))).toEqual({ errors: [], missing: [{ locale: 'zh-cn', slug: 'containers/first' }] });
  });

  it.each([
    ['a lesson that is not listed', [...good, 'en/images/pull.mdx'], 'content/en/images/pull.mdx: is not in content/course.yaml; add “- name: pull” to the lessons of the module “images”'],
    ['a module that is not listed', [...good, 'en/imgs/pull.mdx'], 'content/course.yaml has no module “imgs”'],
    ['a listed lesson without its file', good.filter((file) => !file.endsWith('containers/first.mdx')), 'content/en/containers/first.mdx: is in content/course.yaml, but there is no such file'],
    ['a lesson without its English text', good.filter((file) => file !== 'en/containers/first.mdx'), 'content/en/containers/first.mdx: is in content/course.yaml, but'],
    ['a lesson in no module', [...good, 'en/pull.mdx'], 'content/en/pull.mdx: a lesson belongs into the folder of its module'],
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
