/** An exercise: what must be there at the start, the tasks, how to solve them, and how they go wrong. */
import { z } from 'zod';
import { hostNames } from '../shared/hosts.ts';
import { idSchema } from '../shared/id.ts';
import { locales, localizedSchema, templateNames } from '../shared/locale.ts';
import { assertionSchema, type Mistake, templateValues } from './assertions.ts';

const lines = z.string().trim().min(1);

const hostSchema = z.enum(hostNames).describe('What runs in the lab: the machine with its engine, or a host on which the learner installs it');

const startFields = {
  images: z.array(z.string().min(1)).describe('Container images that must be present'),
  containers: z.array(z.string().min(1)).describe('Names of containers that must exist after `commands`'),
  files: z
    .array(
      z.strictObject({
        path: z.string().startsWith('/').describe('Absolute path in the guest'),
        content: z.string().describe('Whole content'),
        mode: z
          .string()
          .regex(/^0[0-7]{3}$/, 'must be an octal mode such as 0644, in quotes')
          .default('0644')
          .describe('Permission bits'),
      }),
    )
    .describe('Files written as the learner before `commands`; their folders are made'),
  commands: z.array(lines).describe('Shell commands run as the learner, in order; each must succeed'),
};
const startDescription = 'The state in which the learner finds the machine';
const startSchema = z
  .strictObject({
    images: startFields.images.default([]),
    containers: startFields.containers.default([]),
    files: startFields.files.default([]),
    commands: startFields.commands.default([]),
  })
  .describe(startDescription);

const resetSchema = z
  .strictObject({ commands: z.array(lines).min(1).describe('Shell commands run as the learner before `start` is made again') })
  .describe('A quick way back to the start without restoring the machine');

/** What an exercise may leave to its module or to the course: content/course.yaml, `defaults`. */
export const inheritedFields = {
  host: hostSchema.optional(),
  start: z.strictObject(startFields).partial().describe(startDescription).optional(),
  reset: resetSchema.optional(),
};

const exerciseDefaultsSchema = z.strictObject(inheritedFields);
export type ExerciseDefaults = z.infer<typeof exerciseDefaultsSchema>;

export const taskSchema = z.strictObject({
  id: idSchema.describe('Unique in the exercise; `<Task id="...">` in the lesson names it'),
  title: localizedSchema.describe('What to achieve, as a short imperative'),
  description: localizedSchema.optional().describe('One or two sentences more'),
  needs: z.array(idSchema).default([]).describe('Tasks further up that must be done before this one is looked at'),
  assertions: z.array(assertionSchema).min(1).describe('Looked at in order; the first that fails gives the reason'),
  hints: z.array(localizedSchema).default([]).describe('Shown one after another, each saying a little more'),
  solution: z
    .strictObject({
      commands: lines.describe('Lines for the terminal, each typed when the prompt of the one before is back'),
      explanation: localizedSchema.describe('Why this does it'),
    })
    .describe('A reference solution; the tests run it'),
});

export const wrongStateSchema = z.strictObject({
  id: idSchema.describe('Unique in the exercise'),
  title: localizedSchema.describe('The mistake'),
  run: lines.describe('Lines for the terminal that lead to it, typed as in a solution, after the solutions of what the task needs'),
  task: idSchema.describe('The task that must fail'),
  assertion: idSchema.describe('The assertion that must fail, not an open one: the learner is told what is wrong'),
});

export const exerciseSchema = z
  .strictObject({
    id: idSchema.describe('Name of the folder in content/exercises'),
    host: hostSchema.default('machine'),
    start: startSchema.prefault({}),
    reset: resetSchema.optional(),
    tasks: z.array(taskSchema).min(1).describe('In the order of the lesson'),
    wrong: z.array(wrongStateSchema).default([]).describe('Plausible mistakes, with what the learner must be told'),
  })
  .superRefine((exercise, context) => {
    const report = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    reportDoubles(exercise.tasks.map((task) => task.id), (index, id) => report(['tasks', index, 'id'], `task “${id}” is there twice; give each an id of its own`));
    reportDoubles(exercise.wrong.map((wrong) => wrong.id), (index, id) => report(['wrong', index, 'id'], `wrong state “${id}” is there twice; give each an id of its own`));
    const known = new Map<string, z.infer<typeof taskSchema>>();
    exercise.tasks.forEach((task, taskIndex) => {
      task.needs.forEach((need, index) => {
        if (!known.has(need)) report(['tasks', taskIndex, 'needs', index], `“${need}” is no task further up; name one, or move this task behind it`);
      });
      known.set(task.id, task);
      const looks = looksOf(task);
      reportDoubles(looks.map(({ look }) => look.id), (index, id) => report(['tasks', taskIndex, ...(looks[index]?.path ?? []), 'id'], `assertion “${id}” is there twice; give each an id of its own`));
      for (const { look, path } of looks) {
        const allowed = templateValues[look.look];
        for (const locale of locales) {
          for (const name of templateNames(look.fail[locale])) {
            if (!allowed.includes(name)) {
              const values = allowed.map((value) => `{${value}}`).join(', ');
              report(['tasks', taskIndex, ...path, 'fail', locale], `{${name}} is not known here; use one of ${values}`);
            }
          }
        }
      }
    });
    exercise.wrong.forEach((wrong, index) => {
      const task = known.get(wrong.task);
      if (task === undefined) {
        report(['wrong', index, 'task'], `there is no task “${wrong.task}”; name one of ${[...known.keys()].join(', ')}`);
        return;
      }
      const looks = looksOf(task);
      const assertion = looks.find(({ look }) => look.id === wrong.assertion);
      if (assertion === undefined) {
        const ids = looks.map(({ look }) => look.id).join(', ');
        report(['wrong', index, 'assertion'], `task “${task.id}” has no assertion “${wrong.assertion}”; name one of ${ids}`);
      } else if (assertion.open) {
        report(['wrong', index, 'assertion'], `“${wrong.assertion}” is open, so the learner would be told nothing; name one that is not`);
      }
    });
  });

export type Exercise = z.infer<typeof exerciseSchema>;
export type Task = z.infer<typeof taskSchema>;
export type WrongState = z.infer<typeof wrongStateSchema>;

interface PlacedLook {
  look: Mistake;
  open: boolean;
  path: (string | number)[];
}

/** The assertions of a task and, behind each, the mistakes it knows. */
function looksOf(task: z.infer<typeof taskSchema>): PlacedLook[] {
  return task.assertions.flatMap((assertion, index) => {
    const path = ['assertions', index];
    const mistakes = assertion.mistakes.map((look, at) => ({ look, open: false, path: [...path, 'mistakes', at] }));
    return [{ look: assertion, open: assertion.open, path }, ...mistakes];
  });
}

function reportDoubles(ids: readonly string[], report: (index: number, id: string) => void): void {
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) report(index, id);
  });
}
