import { describe, expect, it } from 'vitest';
import course from '../../content/course.yaml?raw';
import { parseCourse } from './course.ts';
import { courseText as text } from './testing/course.ts';
import { problemsTold } from './testing/problems.ts';

/** Defaults of the course, and of the module “containers”. */
const inherited = (course: string, module: string): string => text.replace('modules:', `defaults: ${course}\nmodules:`).replace('- id: containers', `- id: containers\n    defaults: ${module}`);

const problemsOf = (broken: string): string => problemsTold('content-invalid', () => parseCourse(broken));

describe('parseCourse', () => {
  it('accepts the course that is there', () => {
    expect(parseCourse(course).modules.map(({ id }) => id)).toContain('containers');
  });

  it('fills in what may be left out', () => {
    expect(parseCourse(text).modules[1]?.lessons[0]).toEqual({ name: 'first', kind: 'lesson', formerly: ['old-first'] });
  });

  it.each([
    ['a misspelt field', text.replace('minutes', 'minute'), 'line 11, modules.1.lessons.1: does not know “minute”'],
    ['a module twice', text.replace('id: images', 'id: containers'), 'line 6, modules.1.id: module “containers” is there twice'],
    ['a lesson twice', text.replace('all-alone', 'first'), 'line 11, modules.1.lessons.1.name: lesson “first” is there twice'],
    ['a kind there is not', text.replace('challenge', 'exam'), 'must be lesson or challenge'],
    ['a default there is not', inherited('{}', '{ hots: debian }'), 'line 8, modules.1.defaults: does not know “hots”; did you mean “host”?'],
    ['a default with a wrong value', inherited('{ host: windows }', '{}'), 'line 1, defaults.host: must be machine or'],
    ['a default start with a wrong value', inherited('{}', '{ start: { images: busybox } }'), 'line 8, modules.1.defaults.start.images: must be array'],
  ])('tells of %s with its line', (_, broken, problem) => {
    expect(problemsOf(broken)).toContain(problem);
  });
});

describe('defaults', () => {
  it('of the module win over those of the course, and the lesson over both', () => {
    const [images, containers] = parseCourse(inherited('{ kind: challenge, minutes: 5, lab: true }', '{ minutes: 7, kind: lesson }')).modules;
    expect(containers?.lessons).toEqual([
      { name: 'first', kind: 'lesson', minutes: 7, lab: true, formerly: ['old-first'] },
      { name: 'all-alone', kind: 'challenge', minutes: 12, lab: true, formerly: [] },
    ]);
    expect(images?.lessons).toEqual([]);
  });

  it('that are about exercises are kept for them', () => {
    const course = parseCourse(inherited('{ minutes: 5, start: { images: [busybox], commands: [ls] } }', '{ host: debian, start: { images: [] } }'));
    expect(course.exerciseDefaults).toEqual({ start: { images: ['busybox'], commands: ['ls'] } });
    expect(course.modules.map(({ exerciseDefaults }) => exerciseDefaults)).toEqual([course.exerciseDefaults, { host: 'debian', start: { images: [], commands: ['ls'] } }]);
  });
});
