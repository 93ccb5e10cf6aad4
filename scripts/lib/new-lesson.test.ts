import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCourse } from '../../src/checkers/course.ts';
import { parseExercise } from '../../src/checkers/load-exercise.ts';
import { checkLesson } from '../../src/site/lib/lesson-check.ts';
import { readLesson } from '../../src/site/lib/lesson-text.ts';
import { exerciseText, lessonText, withLesson } from './new-lesson.ts';

describe('a new lesson', () => {
  it('has nothing wrong with it', () => {
    const exercise = parseExercise('content/exercises/new/exercise.yaml', exerciseText('new'));
    const texts = { en: readLesson(lessonText('en', 'new')), 'zh-cn': readLesson(lessonText('zh-cn', 'new')) };
    expect(checkLesson({ slug: 'images/new', texts, exercise, pages: new Map(), terms: new Set(), quizzes: new Set() })).toEqual([]);
  });

  it('goes to the end of its module, and leaves the rest as it was', () => {
    const text = readFileSync('content/course.yaml', 'utf8');
    const before = parseCourse(text).modules;
    for (const { id } of before) {
      const once = withLesson(text, id, 'a-new-one') ?? '';
      const after = parseCourse(withLesson(once, id, 'another') ?? '').modules;
      for (const module of after) {
        const old = before.find((other) => other.id === module.id)?.lessons.map(({ name }) => name) ?? [];
        expect(module.lessons.map(({ name }) => name)).toEqual(module.id === id ? [...old, 'a-new-one', 'another'] : old);
      }
      expect(once.split('\n').filter((line) => line.startsWith('#'))).toEqual(text.split('\n').filter((line) => line.startsWith('#')));
    }
    expect(withLesson(text, 'nowhere', 'a')).toBeUndefined();
  });
});
