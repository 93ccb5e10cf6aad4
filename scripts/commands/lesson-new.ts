/**
 * `npm run lesson:new -- <module>/<name>`: a lesson in every language, its exercise and its place in the course. What it
 * writes passes `npm run lesson:check` as it is; the author changes it from there.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { courseFile, parseCourse } from '../../src/checkers/course.ts';
import { locales } from '../../src/shared/locale.ts';
import { exerciseText, lessonText, withLesson } from '../lib/new-lesson.ts';
import { main, root, SetupError } from '../lib/run.ts';

main(async () => {
  const [given, ...others] = process.argv.slice(2);
  const [, module, name] = /^([a-z0-9-]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(given ?? '') ?? [];
  if (module === undefined || name === undefined || others.length > 0) throw new SetupError('name the lesson as <module>/<name>, in lower-case words joined by hyphens: npm run lesson:new -- images/layers');
  const text = await readFile(join(root, courseFile), 'utf8');
  const course = parseCourse(text);
  if (course.modules.some(({ lessons }) => lessons.some((lesson) => lesson.name === name))) throw new SetupError(`${courseFile} has a lesson “${name}” already. Names are unique in the whole course, since progress is kept under them.`);
  const added = withLesson(text, module, name);
  if (added === undefined) throw new SetupError(`${courseFile} has no module “${module}”. The modules are ${course.modules.map(({ id }) => id).join(', ')}.`);

  const files = new Map<string, string>([
    ...locales.map((locale): [string, string] => [`content/${locale}/${module}/${name}.mdx`, lessonText(locale, name)]),
    [`content/exercises/${name}/exercise.yaml`, exerciseText(name)],
  ]);
  const taken = [...files.keys()].filter((file) => existsSync(join(root, file)));
  if (taken.length > 0) throw new SetupError(`${taken.join(', ')}: there already, so nothing was written. Remove it, or choose another name.`);
  parseCourse(added);
  for (const [file, content] of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
    console.log(`wrote ${file}`);
  }
  await writeFile(join(root, courseFile), added);
  console.log(`added “${name}” to the module “${module}” in ${courseFile}\n\nNow change them; content/en/authoring.mdx is the guide, and the page /en/authoring/ of the site. Then:\n  npm run dev\n  npm run lesson:check -- ${name}`);
});
