/** Reads the course from the checkout: for Astro's configuration, which runs before there is any module of the site. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Course, courseFile, parseCourse } from '../../checkers/course.ts';
import { DrydockError } from '../../shared/errors.ts';
import { checkCourse, type CourseCheck } from './course.ts';

/** The course and what is missing of it. Raises DD4020 for a mistake in the file, or between it and the folders. */
export function readCourse(root: string): { course: Course; missing: CourseCheck['missing'] } {
  const course = parseCourse(readFileSync(join(root, courseFile), 'utf8'));
  const { errors, missing } = checkCourse(course, pageFiles(root));
  if (errors.length > 0) throw new DrydockError('content-invalid', { file: courseFile, problems: errors.join('\n') });
  return { course, missing };
}

/** Paths below content/ of every page, sorted. */
export function pageFiles(root: string): string[] {
  return globSync('{en,zh-cn}/**/[!_]*.mdx', { cwd: join(root, 'content') })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted();
}
