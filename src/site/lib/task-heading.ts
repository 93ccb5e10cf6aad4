/** Level of a task's heading, by where the task stands: the levels of a page must not skip one. */
import { readLesson } from './lesson-text.ts';

/** Below a section of the text a task is part of it; before the first, and where there is none, it is a section itself. */
export function taskHeading(page: string, task: string): 'h2' | 'h3' {
  for (const part of readLesson(page).parts) {
    if (part.kind === 'heading' && part.level === 2) return 'h3';
    if (part.kind === 'component' && part.name === 'Task' && part.attributes['id'] === task) return 'h2';
  }
  return 'h2';
}
