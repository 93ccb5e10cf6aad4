import { describe, expect, it } from 'vitest';
import { parseCourse } from './course.ts';
import { type ExerciseContext, loadExercise, parseExercise } from './load-exercise.ts';
import { problemsTold } from './testing/problems.ts';

const good = `id: sample
start: { images: [nginx] }
tasks:
  - id: one
    title: { en: One, zh-cn: 一 }
    assertions:
      - id: there
        look: container
        where: { name: web }
        expect: exists
        fail: { en: "no {name}", zh-cn: "没有 {name}" }
        mistakes:
          - id: other
            look: image
            where: { name: nginx }
            expect: exists
            fail: { en: x, zh-cn: x }
    solution: { commands: "true", explanation: { en: x, zh-cn: x } }
wrong:
  - id: bad
    title: { en: x, zh-cn: x }
    run: "false"
    task: one
    assertion: other
`;

const problemsOf = (text: string): string => problemsTold('exercise-invalid', () => parseExercise('content/exercises/sample/exercise.yaml', text));

describe('parseExercise', () => {
  it('accepts a good one and fills in what may be left out', () => {
    const exercise = parseExercise('f', good);
    expect(exercise.tasks[0]).toMatchObject({ needs: [], hints: [] });
    expect(JSON.parse(JSON.stringify(exercise))).toEqual(exercise);
  });

  it.each([
    ['a field that is missing', good.replace('    title: { en: One, zh-cn: 一 }\n', ''), 'line 4, tasks.0.title: is missing; add it'],
    ['a language that is missing', good.replace('{ en: One, zh-cn: 一 }', '{ en: One }'), 'line 5, tasks.0.title.zh-cn: is missing'],
    ['a field that is unknown', good.replace('where: { name: web }', 'where: { nmae: web }'), 'line 9, tasks.0.assertions.0.where: does not know “nmae”'],
    ['a look that is unknown', good.replace('look: container', 'look: contianer'), 'tasks.0.assertions.0.look: has no known value'],
    ['an expectation that is unknown', good.replace('expect: exists', 'expect: present'), 'line 10, tasks.0.assertions.0.expect: must be exists or absent'],
    ['a value that the message cannot have', good.replace('no {name}', 'no {nam}'), 'tasks.0.assertions.0.fail.en: {nam} is not known here; use one of {name}'],
    ['a task that is there twice', good.replace('wrong:', `${/ {2}- id: one[\s\S]*?(?=wrong:)/.exec(good)?.[0] ?? ''}wrong:`), 'task “one” is there twice'],
    ['a need that comes later', good.replace('    assertions:', '    needs: [two]\n    assertions:'), 'tasks.0.needs.0: “two” is no task further up'],
    ['a wrong state of no task', good.replace('task: one', 'task: two'), 'wrong.0.task: there is no task “two”; name one of one'],
    ['a wrong state of no assertion', good.replace('assertion: other', 'assertion: what'), 'has no assertion “what”; name one of there, other'],
    ['a wrong state of an open assertion', good.replace('look: container', 'open: true\n        look: container').replace('assertion: other', 'assertion: there'), '“there” is open'],
    ['an expression that is none', good.replace('where: { name: web }', "where: { name: web, commandMatches: '(' }"), 'must be a regular expression'],
    ['what is no YAML', good.replace('tasks:', 'tasks: ['), 'line'],
  ])('refuses %s, naming line, place and remedy', (_name, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('tells all problems at once', () => {
    expect(problemsOf(good.replace('look: image', 'look: imgae').replace('    run: "false"\n', '')).split('\n').length).toBeGreaterThan(1);
  });
});

const words = 'title: { en: x, zh-cn: 某 }\n    summary: { en: x, zh-cn: 某 }';
const course = parseCourse(`defaults: { host: centos, start: { images: [busybox], commands: [ls] } }
modules:
  - id: near
    ${words}
    defaults: { host: debian, start: { images: [nginx, debian] } }
    lessons: [{ name: one }]
  - id: far
    ${words}
    lessons: [{ name: two }]
`);
const alone: ExerciseContext = { course: parseCourse(`modules: [{ id: any, ${words.replace('\n', ',')}, lessons: [] }]`), lessons: [] };
const named = (...slugs: string[]): ExerciseContext => ({ course, lessons: [{ slug: 'far/three', exercise: undefined }, ...slugs.map((slug) => ({ slug, exercise: 'sample' }))] });
const file = 'content/exercises/sample/exercise.yaml';
const bare = good.replace(/^start: .*\n/m, '');

describe('loadExercise', () => {
  it('wants the folder and the id to be the same', async () => {
    expect((await loadExercise(file, async () => good, alone)).id).toBe('sample');
    await expect(loadExercise('content/exercises/other/exercise.yaml', async () => good, alone)).rejects.toThrow('is “sample”, but the folder is “other”');
  });

  it('names a file that cannot be read', async () => {
    const read = () => Promise.reject(new Error('ENOENT: no such file'));
    await expect(loadExercise('a/exercise.yaml', read, alone)).rejects.toMatchObject({ code: 'DD4002', params: { file: 'a/exercise.yaml' } });
  });

  it('does with nothing to take over', async () => {
    expect(await loadExercise(file, async () => bare, alone)).toMatchObject({ host: 'machine', start: { images: [], containers: [], files: [], commands: [] } });
  });

  it('takes over what the module of its lesson says, then what the course says', async () => {
    expect(await loadExercise(file, async () => bare, named('near/one'))).toMatchObject({ host: 'debian', start: { images: ['nginx', 'debian'], commands: ['ls'] } });
    expect(await loadExercise(file, async () => bare, named('far/two'))).toMatchObject({ host: 'centos', start: { images: ['busybox'], commands: ['ls'] } });
    expect(await loadExercise(file, async () => bare, named())).toMatchObject({ host: 'centos', start: { images: ['busybox'], commands: ['ls'] } });
  });

  it('prefers what the exercise says itself', async () => {
    const own = `${bare}host: machine\nstart: { images: [] }\n`;
    expect(await loadExercise(file, async () => own, named('near/one'))).toMatchObject({ host: 'machine', start: { images: [], commands: ['ls'] } });
  });

  it('is the same as one that says all of it itself', async () => {
    const own = `${bare}start: { commands: [ls], images: [nginx, debian] }\nhost: debian\n`;
    expect(JSON.stringify(await loadExercise(file, async () => bare, named('near/one')))).toBe(JSON.stringify(await loadExercise(file, async () => own, alone)));
  });

  it('tells of a mistake in the exercise with its own line', async () => {
    const own = `${bare}start: { images: busybox }\n`;
    await expect(loadExercise(file, async () => own, named('near/one'))).rejects.toThrow(`line ${own.split('\n').length - 1}, start.images: must be array`);
  });

  it('refuses an exercise in modules that lead to different ones, unless it says those fields itself', async () => {
    await expect(loadExercise(file, async () => bare, named('near/one', 'far/two'))).rejects.toThrow('line 1, host, start: the lessons near/one and far/two name this exercise, and the defaults of their modules in content/course.yaml differ; write host and start here in full');
    const own = `${bare}host: debian\nstart: { images: [nginx] }\n`;
    expect(await loadExercise(file, async () => own, named('near/one', 'far/two'))).toMatchObject({ host: 'debian', start: { images: ['nginx'], commands: ['ls'] } });
  });
});
