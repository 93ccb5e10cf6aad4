/**
 * What content/course.yaml may hold: modules, the lessons of each, and settings that are written once for many of them. What a
 * lesson or an exercise does not say itself, its module says, and what that does not say, the course.
 */
import { z } from 'zod';
import { DrydockError } from '../shared/errors.ts';
import { idSchema } from '../shared/id.ts';
import { inherit } from '../shared/inherit.ts';
import { localizedSchema } from '../shared/locale.ts';
import { parseYaml } from '../shared/yaml-data.ts';
import { inheritedFields } from './schema.ts';

const kindSchema = z.enum(['lesson', 'challenge']).describe('A challenge has tasks, but no text that leads through them; without it, it is a lesson');
const minutesSchema = z.int().min(1).max(60).describe('Time for a newcomer; estimated from text and tasks if it is left out');

/** Lessons have `lab` in their own frontmatter, and exercises their fields in their own file. */
const defaultsSchema = z
  .strictObject({
    kind: kindSchema.optional(),
    minutes: minutesSchema.optional(),
    lab: z.boolean().optional().describe('Whether a lesson without an exercise shows the lab; its frontmatter may say otherwise'),
    ...inheritedFields,
  })
  .describe('What holds for every lesson and exercise inside that does not say otherwise. A module stands nearer than the course; objects are merged one level deep, lists are replaced');

const lessonSchema = z.strictObject({
  name: idSchema.describe('Name of the lesson’s file in the module’s folder, without .mdx; also the end of its address'),
  kind: kindSchema.optional(),
  minutes: minutesSchema.optional(),
  formerly: z.array(idSchema).default([]).describe('Old addresses below the locale, which lead here'),
});

const moduleSchema = z.strictObject({
  id: idSchema.describe('Name of the module’s folder'),
  title: localizedSchema.describe('As in the list of modules'),
  summary: localizedSchema.describe('What is learned, in one sentence'),
  defaults: defaultsSchema.optional(),
  lessons: z.array(lessonSchema).describe('In the order in which they are to be read; a module without any is not shown'),
});

export const courseSchema = z
  .strictObject({ defaults: defaultsSchema.optional(), modules: z.array(moduleSchema).min(1) })
  .superRefine(({ modules }, context) => {
    modules.forEach(({ id, lessons }, index) => {
      if (modules.findIndex((other) => other.id === id) !== index) {
        context.addIssue({ code: 'custom', path: ['modules', index, 'id'], message: `module “${id}” is there twice; give each an id of its own` });
      }
      lessons.forEach(({ name }, at) => {
        if (lessons.findIndex((other) => other.name === name) === at) return;
        context.addIssue({ code: 'custom', path: ['modules', index, 'lessons', at, 'name'], message: `lesson “${name}” is there twice; remove one` });
      });
    });
  })
  .transform(({ defaults = {}, modules }) => ({
    /** Of exercises that no lesson of a module names. */
    exerciseDefaults: divided(defaults).exercise,
    modules: modules.map(({ defaults: own = {}, lessons, ...module }) => {
      const { exercise, lesson } = divided(inherit(defaults, own));
      return { ...module, exerciseDefaults: exercise, lessons: lessons.map((one) => withSettings(one, lesson)) };
    }),
  }));

interface LessonSettings {
  kind?: z.infer<typeof kindSchema> | undefined;
  minutes?: number | undefined;
  /** Whether the lab is shown without an exercise, unless its frontmatter says. */
  lab?: boolean | undefined;
}

function withSettings(one: z.infer<typeof lessonSchema>, inherited: LessonSettings) {
  const { kind = 'lesson', ...others } = inherit(inherited, { kind: one.kind, minutes: one.minutes });
  return { ...one, kind, ...others };
}

/** What is about lessons, and what is about exercises. */
function divided({ kind, minutes, lab, ...exercise }: z.infer<typeof defaultsSchema>) {
  const lesson: LessonSettings = inherit<LessonSettings>({}, { kind, minutes, lab });
  return { exercise, lesson };
}

/** With every setting where it holds. */
export type Course = z.infer<typeof courseSchema>;
export type Module = Course['modules'][number];
export type CourseLesson = Module['lessons'][number];

/** Where the course lies in the checkout. */
export const courseFile = 'content/course.yaml';

/** Checks the text of course.yaml. Raises DD4020 with every problem, one per line. */
export function parseCourse(text: string): Course {
  const parsed = parseYaml(text, courseSchema, 'course');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file: courseFile, problems: parsed.problems.join('\n') });
  return parsed.data;
}
